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

test.each([
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
  'commit 3f786850e387550fdab836ed7e6dc881de23001b on node 20.11.1 took +15 minutes (+02:00)',
  'https://example.com/path?page=2 and postgres://db.internal:5432/app',
  'The board met: 12 invited, 10 attended; MTTR 42.5 min.',
  '',
])('left as it is: %s', (text) => {
  expect(redactText(text)).toBe(text);
});

test('what was redacted is not redacted again', () => {
  for (const [, secret] of secrets) expect(redactText(redactText(secret))).toBe(redactText(secret));
});

describe('hostile texts of 100 KB take no longer than others', () => {
  const times = (unit: string) => unit.repeat(Math.ceil(100_000 / unit.length));
  const hostile = [
    ...['a', 'a.', 'a-', '1.', '1:', ':', '-', '+1 ', 'A@', 'a@a.', 'a@1.1', '%40', '\\', '"', ' '].map(times),
    ...[
      'eyJ',
      '-eyJaaaaaa',
      'eyJaaaaa.',
      'eyJaaaaaa.eyJaaaaaa-',
      'a-a+a.',
      'a://',
      'a://b:',
      'a://:@',
      'SG.',
      'sk-',
    ].map(times),
    ...[
      'password',
      'password ',
      'password="',
      'password=\\"',
      "password='\\",
      'cookie ',
      'authorization: ',
      'token=',
    ].map(times),
    ...['bearer ', 'Basic aaaaaaaa', '--a-', '--password ', '-----BEGIN ', '-----BEGIN PRIVATE KEY-----', 'xoxb-'].map(
      times,
    ),
    ...['fe80:', 'fe80::', '::1', '+4930', '1.1.1.', 'github_pat_', 'AKIA', 'ya29.', '-----END PRIVATE KEY'].map(times),
    `password${times(' ')}`,
    `-----BEGIN PRIVATE KEY-----${times('-----END ')}`,
    `${times('a')}@${times('a.')}`,
    `${times('-eyJaaaaaa')}.${times('a')}`,
    `https://a:${times('b')}`,
  ];

  test.each(hostile.map((text) => [text.slice(0, 40), text]))('%s…', (_, text) => {
    const start = process.cpuUsage();
    redactText(text);
    const { user } = process.cpuUsage(start);
    // Linear shapes need some milliseconds, quadratic ones many seconds. Time of the processor, not of a busy machine.
    expect(user / 1000).toBeLessThan(1500);
  });
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
