import { redact, redactText } from './redaction';

/** Joined here, so that no scanner takes this file for a leak. The shapes are the issuers'; the secrets are not. */
const joined = (...parts: string[]) => parts.join('');
const letters = 'AbCdEfGhIjKlMnOpQrStUvWxYz0123456789abcdefghijklmnopqrstuvwxyz';

const jwtParts = [
  { alg: 'RS256', kid: '1a2b', typ: 'JWT' },
  { iss: 'https://securetoken.google.com/demo', sub: 'uid-ada' },
].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'));
const jwt = `${jwtParts.join('.')}.${letters}`;
const body = 'MIIEvQIBADANBgkqhkiG9w0BAQEFAASC\nBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj';
const keyBlock = (label: string) => `-----BEGIN ${label}-----\n${body}\n-----END ${label}-----`;

const secrets: [kind: string, secret: string][] = [
  ['jwt', jwt],
  ['jwt', `${jwtParts.join('.')}.`],
  ['jwt', jwtParts.join('.')],
  ['jwt', `${jwtParts[0]}.${letters}.${letters}.${letters}.${letters}`],
  ['private-key', keyBlock('PRIVATE KEY')],
  ['private-key', keyBlock('RSA PRIVATE KEY')],
  ['private-key', keyBlock('OPENSSH PRIVATE KEY')],
  ['private-key', keyBlock('PGP PRIVATE KEY BLOCK')],
  ['private-key', keyBlock('EC PRIVATE KEY').replaceAll('\n', '\\n')],
  ['private-key', keyBlock('PRIVATE KEY').slice(0, 70)],
  ['google-api-key', joined('AI', 'za', letters.slice(0, 35))],
  ['google-oauth-token', joined('ya', '29.', 'a0Af', letters)],
  ['google-oauth-token', joined('1/', '/0', letters)],
  ['google-oauth-token', joined('AM', 'f-v', letters)],
  ['google-oauth-secret', joined('GOC', 'SPX-', letters.slice(0, 28))],
  ['github-token', joined('gh', 'p_', letters.slice(0, 36))],
  ['github-token', joined('gh', 's_', letters.slice(0, 36))],
  ['github-token', joined('github', '_pat_', letters.slice(0, 22), '_', letters.slice(0, 59))],
  ['gitlab-token', joined('gl', 'pat-', letters.slice(0, 20))],
  ['slack-token', joined('xo', 'xb-', '123456789012-1234567890123-', letters.slice(0, 24))],
  ['slack-token', joined('xa', 'pp-', '1-A012345-67890-abcdef0123456789')],
  ['slack-webhook', joined('hooks.slack', '.com/services/', 'T00000000/B00000000/', letters.slice(0, 24))],
  ['aws-access-key', joined('AK', 'IA', 'IOSFODNN7EXAMPLE')],
  ['aws-access-key', joined('AS', 'IA', 'IOSFODNN7EXAMPLE')],
  ['stripe-key', joined('sk', '_live_', letters.slice(0, 24))],
  ['stripe-key', joined('rk', '_test_', letters.slice(0, 24))],
  ['stripe-key', joined('wh', 'sec_', letters.slice(0, 30), '+/=')],
  ['npm-token', joined('np', 'm_', letters.slice(0, 36))],
  ['sendgrid-key', joined('S', 'G.', letters.slice(0, 22), '.', letters.slice(0, 43))],
  ['api-key', joined('s', 'k-ant-', 'api03-', letters)],
  ['api-key', joined('s', 'k-proj-', letters)],
  ['credentials-in-url', 'postgres://app:hunter2@'],
  ['credentials-in-url', 'postgres://app:p@ss:word@'],
  ['credentials-in-url', 'redis://:hunter2@'],
  ['authorization', 'Bearer abcdef0123456789'],
  ['authorization', 'Basic dXNlcjpwYXNz'],
  ['authorization', 'Authorization: Digest hunter2'],
  ['cookie', 'Set-Cookie: __session=abc; Path=/; HttpOnly'],
  ['cookie', 'cookie: sid=s%3Aabc.def; theme=dark'],
  ['cookie', '"cookie":"sid=abc"'.slice(1)],
  ['password', 'password=hunter2'],
  ['password', 'Passwort-Reset: password: "hunter 2"'.slice('Passwort-Reset: '.length)],
  ['password', `passwd='it\\'s hunter2'`],
  ['password', 'password="hunter2 and cut off'],
  ['password', 'client_secret => hunter2'],
  ['password', 'secretAccessKey: wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY'],
  ['password', 'aws_session_token=IQoJb3JpZ2luX2VjEXAMPLE'.slice('aws_'.length)],
  ['password', 'AccountKey=abcdef=='],
  ['password', '--db-password hunter2'],
  ['token', 'token=abcdef0123456789'],
  ['email', 'ada.lovelace+drills@mail.example.co.uk'],
  ['email', 'ada%40example.com'],
  ['email', 'jörg.müller@bücher.example'],
  ['email', "o'brien@example.xn--p1ai"],
  ['ip-address', '203.0.113.255'],
  ['ip-address', '2001:db8:0:0:0:ff00:42:8329'],
  ['ip-address', '2001:db8::ff00:42:8329'],
  ['ip-address', 'fe80::1'],
  ['ip-address', '::1'],
  ['signing-key', joined('PRIVATE', '+KEY+example.com/audit+0a1b2c3d+', letters.slice(0, 43), '=')],
  ['card-number', '4111111111111111'],
  ['card-number', '4111 1111 1111 1111'],
  ['card-number', '5500-0055-5555-5559'],
  ['card-number', '3782 822463 10005'],
  ['card-number', '6011000990139424'],
  ['card-number', '2223003122003222'],
  ['iban', 'DE89370400440532013000'],
  ['iban', 'GB82 WEST 1234 5698 7654 32'],
  ['iban', 'FR14 2004 1010 0505 0001 3M02 606'],
  ['us-ssn', '078-05-1120'],
  ['us-ssn', 'SSN: 078051120'],
  ['hugging-face-token', joined('h', 'f_', letters.replaceAll(/[0-9]/gu, '').slice(0, 34))],
  ['vault-token', joined('hv', 's.', letters, letters)],
  ['pypi-token', joined('py', 'pi-AgEIcHlwaS5vcmc', letters)],
  ['digitalocean-token', joined('do', 'p_v1_', '0123456789abcdef'.repeat(4))],
  ['shopify-token', joined('sh', 'pat_', '0123456789abcdef'.repeat(2))],
  ['discord-token', joined('M', letters.slice(0, 23), '.', 'GabcdE.', letters.slice(0, 38))],
  ['telegram-token', joined('110201543', ':AA', letters.slice(0, 33))],
  ['phone', '(202) 555-0142'],
  ['phone', '202-555-0142'],
  ['phone', '0049 30 901820'],
  ['phone', '030 901820'],
  ['phone', '020 7946 0958'],
  ['phone', '01 23 45 67 89'],
  ['phone', 'phone: 2025550142'],
  ['phone', '+1 (555) 010-9999'],
  ['phone', '+49 30 901820'],
  ['phone', '+4915112345678'],
];

test.each(secrets)('%s: %s', (kind, secret) => {
  expect(redactText(secret)).toBe(`[redacted:${kind}]`);
  expect(redactText(`before ${secret}\nafter`)).toMatch(
    kind === 'private-key'
      ? /^before \[redacted:private-key\]/u
      : new RegExp(`^before \\[redacted:${kind}\\]\nafter$`, 'u'),
  );
  expect(redactText(`(${secret}`)).toBe(`([redacted:${kind}]`);
});

const github = joined('gh', 'p_', letters.slice(0, 36));
const azure = `sv=2024-11-04&sp=rl&sig=${letters.slice(0, 43)}%3D`;

test.each([
  [`x${github}`, letters.slice(0, 36)],
  [`7${github}and more`, letters.slice(0, 36)],
  [`AbC0${joined('hv', 's.', letters)}`, letters],
  [`user${jwt}`, jwtParts[1] ?? ''],
  [`card4111111111111111 and so on`, '41111111'],
  [`my number is 4000 1234 5678 9999 4111 1111 1111 1111`, '1111 1111'],
  ['AB12 3456 7890 1234 DE89 3704 0044 0532 0130 00', '0532'],
  [`https://x.blob.core.windows.net/c?${azure}`, letters.slice(0, 43)],
  [`https://x.example/?next=${encodeURIComponent(`https://x.blob.core.windows.net/c?${azure}`)}`, letters.slice(0, 43)],
  [`https://storage.googleapis.com/b/o?X-Goog-Signature=${'0a1b'.repeat(64)}&x=1`, '0a1b0a1b'],
  [`https://storage.googleapis.com/b/o?Expires=1&Signature=${letters}%2B`, letters],
  [`{password: 12345678}`, '12345678'],
  [`{"pass":"hunter2"}`, 'hunter2'],
  [`pass=hunter`, 'hunter'],
  [`pass: hunter2`, 'hunter2'],
  ['DB_PASSWORD=hunter2', 'hunter2'],
  ['dbPassword: hunter2', 'hunter2'],
  ['{"password":"hunter2","user":"ada"}', 'hunter2'],
  [String.raw`{"body":"{\"password\":\"hunter2\"}"}`, 'hunter2'],
  ['https://example.com/login?user=ada&access_token=hunter2&x=1', 'hunter2'],
  [`key_${joined('gh', 'p_', letters.slice(0, 36))}`, letters.slice(0, 36)],
  [`session-${jwt}`, jwtParts[1] ?? ''],
  [`token: ${jwt}`, jwtParts[1] ?? ''],
  [`curl -H 'Authorization: Bearer hunter2' https://example.com`, 'hunter2'],
  ['ip=203.0.113.7:443', '203.0.113.7'],
  ['::ffff:203.0.113.7', '203.0.113.7'],
  ['<ada@example.com>, "bob@example.com"', 'example.com'],
])('in its surroundings: %s', (text, leak) => {
  const redacted = redactText(text);
  expect(redacted).toContain('[redacted:');
  expect(redacted).not.toContain(leak);
});

test.each([
  'Token compromise: the token was revoked within 12:30 minutes, at 2026-03-31T09:00:00.000Z.',
  'A password was changed; the secret is out; passwords are rotated every 90 days.',
  'Basic authentication failed, bearer certificates expired, basic monitoring continued.',
  'studio_ops.degraded_mode_entered drills/drl_abcdefghijkmnpqrstuv aud_0123456789abcdef',
  'risk-assessment-of-the-connector-outage went well, task-list too',
  'std::vector, 12:30:45, 1:2, package@1.2.3, @scope/name, 100%, v1.2.3.4',
  'run 00845265-5134-4e5d-a62c-483afbe0a664 of today',
  'commit 3f786850e387550fdab836ed7e6dc881de23001b on node 20.11.1 took +15 minutes (+02:00)',
  'https://example.com/path?page=2 and postgres://db.internal:5432/app',
  'The board met: 12 invited, 10 attended; MTTR 42.5 min.',
  'Did it pass: yes. pass = 3 of 4 was the goal, and we bypass: nothing',
  'task_live_status_of_the_connectors, desk-proj-notes-of-the-week, task-admin-panel, disk_test_results_of_monday',
  'order 4111111111111112, DE88370400440532013000, 0.4111111111111111, 1790000000123, 000-12-3456',
  'On 2026-11-26 at 10:00:00, 01-12-2026, 01.12.2026; 555 3 1000 rows, 10-20-3000 of 200.300.4000.5000',
  '',
])('left as it is: %s', (text) => {
  expect(redactText(text)).toBe(text);
});

test('what was redacted is not redacted again', () => {
  for (const [, secret] of secrets) expect(redactText(redactText(secret))).toBe(redactText(secret));
});

describe('values that are written as JSON', () => {
  test('a name that says that it is secret hides what stands under it, whatever that is', () => {
    expect(
      redact({
        password: 'short',
        accessToken: 'short',
        db_password: 'short',
        'x-api-key': 'short',
        authorization: 'short',
        cookies: { sid: 'short' },
        refreshTokens: ['short'],
        clientSecret: 'short',
      }),
    ).toEqual({
      password: '[redacted:by-name]',
      accessToken: '[redacted:by-name]',
      db_password: '[redacted:by-name]',
      'x-api-key': '[redacted:by-name]',
      authorization: '[redacted:by-name]',
      cookies: '[redacted:by-name]',
      refreshTokens: '[redacted:by-name]',
      clientSecret: '[redacted:by-name]',
    });
  });

  test('how many there are, and whether, is no secret; nor is a name that only begins so', () => {
    const counts = {
      tokens: 3,
      hasPassword: true,
      secret: null,
      tokenKind: 'github',
      at: new Date(0),
      none: undefined,
    };
    expect(redact(counts)).toEqual(counts);
  });

  test('texts and names are redacted at any depth', () => {
    expect(redact({ list: [{ note: 'to ada@example.com' }], 'ada@example.com': 1 })).toEqual({
      list: [{ note: 'to [redacted:email]' }],
      '[redacted:email]': 1,
    });
  });

  test('a number is the secret under the name of one, and a count under the name of several', () => {
    expect(redact({ password: 12345678, apiKey: 7, secrets: 12345678, passwordCount: 3, pass: 3 })).toEqual({
      password: '[redacted:by-name]',
      apiKey: '[redacted:by-name]',
      secrets: 12345678,
      passwordCount: 3,
      pass: 3,
    });
    expect(redact({ card: 4111111111111111, at: 1790000000123 })).toEqual({
      card: '[redacted:card-number]',
      at: 1790000000123,
    });
  });

  test.each(['pass', 'Pass', 'PASS', 'db_pass', 'db-pass', 'dbPass', 'DB_PASS', 'pw', 'userPw'])(
    '%s is short for a password',
    (name) => {
      expect(redact({ [name]: 'hunter2' })).toEqual({ [name]: '[redacted:by-name]' });
    },
  );

  test.each(['bypass', 'compass', 'Overpass', 'passed', 'passes'])('%s is not', (name) => {
    expect(redact({ [name]: 'north' })).toEqual({ [name]: 'north' });
  });

  test.each([
    ['name', 'value'],
    ['Name', 'Value'],
    ['NAME', 'VALUE'],
    ['Key', 'Value'],
    ['ParameterKey', 'ParameterValue'],
    ['field', 'content'],
    ['header', 'values'],
  ])('what an object calls a password under %s is one under %s', (key, value) => {
    expect(redact([{ [key]: 'password', [value]: 'hunter2' }])).toEqual([
      { [key]: 'password', [value]: '[redacted:by-name]' },
    ]);
    expect(redact([{ [key]: 'Region', [value]: 'north' }])).toEqual([{ [key]: 'Region', [value]: 'north' }]);
  });

  test('a map that is written as a list of names and values', () => {
    const entries = [
      ['password', 'hunter2'],
      ['region', 'north'],
    ];
    expect(redact({ entries })).toEqual({
      entries: [
        ['password', '[redacted:by-name]'],
        ['region', 'north'],
      ],
    });
  });

  test('redacted names are numbered, so that no value is lost', () => {
    expect(
      redact({ 'ada@example.com': 1, 'bob@example.com': 2, '[redacted:email] (2)': 3, 'eve@example.com': 4 }),
    ).toEqual({
      '[redacted:email]': 1,
      '[redacted:email] (2)': 2,
      '[redacted:email] (2) (2)': 3,
      '[redacted:email] (3)': 4,
    });
  });

  test('a name of JavaScript itself stays a name', () => {
    const hostile: unknown = JSON.parse('{"__proto__":{"note":"ada@example.com"},"constructor":1}');
    expect(JSON.stringify(redact(hostile))).toBe('{"__proto__":{"note":"[redacted:email]"},"constructor":1}');
  });

  test('what it was given stays as it was', () => {
    const given = { note: 'to ada@example.com' };
    redact(given);
    expect(given.note).toBe('to ada@example.com');
  });
});
