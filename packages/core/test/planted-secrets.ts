/** Secrets of every kind, made up; the shapes are the issuers'. Seeded: each run has the same. */

/** mulberry32: small, and the same everywhere. */
const randomFrom = (seed: number): (() => number) => {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
};

export const UPPER = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';
export const LOWER = UPPER.toLowerCase();
export const DIGITS = '0123456789';
export const HEX = '0123456789abcdef';
export const ALNUM = UPPER + LOWER + DIGITS;

/** In parts, so that no scanner takes this file for a leak. */
export const joined = (...parts: string[]): string => parts.join('');

export class Generator {
  readonly #random: () => number;
  constructor(seed: number) {
    this.#random = randomFrom(seed);
  }
  below = (limit: number): number => Math.floor(this.#random() * limit);
  one = <T>(from: readonly T[]): T => from[this.below(from.length)] as T;
  of = (alphabet: string, length: number): string =>
    Array.from({ length }, () => alphabet[this.below(alphabet.length)]).join('');
  /** Random, and with a digit and both cases in it, as what a machine makes has. */
  made = (length: number): string =>
    `${this.of(ALNUM, length - 3)}${this.of(UPPER, 1)}${this.of(DIGITS, 1)}${this.of(LOWER, 1)}`;
}

/** ISO/IEC 7812-1: digits with the last one that makes them a card's. */
export const withLuhn = (digits: string): string => {
  const sum = Array.from(digits)
    .reverse()
    .map((digit, index) => Number(digit) * (index % 2 === 0 ? 2 : 1))
    .reduce((all, value) => all + (value > 9 ? value - 9 : value), 0);
  return `${digits}${(10 - (sum % 10)) % 10}`;
};

/** ISO 13616: with the two digits that make it an IBAN. */
export const withMod97 = (country: string, account: string): string => {
  const digits = Array.from(`${account}${country}00`, (sign) => Number.parseInt(sign, 36)).join('');
  return `${country}${String(98n - (BigInt(digits) % 97n)).padStart(2, '0')}${account}`;
};

/** What must not be seen, and what it stands in. */
export interface Planted {
  core: string;
  text: string;
}

/** Each kind of secret; joined here, so that no scanner takes this file for a leak. */
export const KINDS: Record<string, (make: Generator) => Planted> = {
  jwt: (make) => {
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const core = make.made(43);
    return {
      core,
      text: `${part({ alg: 'RS256', kid: make.of(ALNUM, 8) })}.${part({ sub: make.of(ALNUM, 20) })}.${core}`,
    };
  },
  google: (make) => {
    const core = make.made(35);
    return { core, text: `${joined('AI', 'za')}${core}` };
  },
  'google oauth': (make) => {
    const core = make.made(40);
    return { core, text: `${joined('ya', '29.')}${core}` };
  },
  github: (make) => {
    const core = make.made(36);
    return { core, text: `gh${make.one(['p', 'o', 'u', 's', 'r'])}_${core}` };
  },
  'github, fine-grained': (make) => {
    const core = make.made(59);
    return { core, text: `${joined('github', '_pat_')}${make.of(ALNUM, 22)}_${core}` };
  },
  slack: (make) => {
    const core = make.made(24);
    return { core, text: `${joined('xo', 'x')}${make.one(['a', 'b', 'p', 'r', 's'])}-${make.of(DIGITS, 12)}-${core}` };
  },
  aws: (make) => {
    const core = make.of(UPPER + DIGITS, 16);
    return { core, text: `${joined(make.one(['AK', 'AS']), 'IA')}${core}` };
  },
  'aws secret': (make) => {
    const core = make.made(40);
    return {
      core,
      text: `${make.one(['aws_secret_access_key', 'AWS_SECRET_ACCESS_KEY', 'secretAccessKey'])}${make.one(['=', ': ', ' = '])}${core}`,
    };
  },
  stripe: (make) => {
    const core = make.made(24);
    return { core, text: `${make.one(['sk', 'rk'])}_${make.one(['live', 'test'])}_${core}` };
  },
  'stripe webhook': (make) => {
    const core = make.made(32);
    return { core, text: `${joined('wh', 'sec_')}${core}` };
  },
  'private key': (make) => {
    const label = make.one([
      'PRIVATE KEY',
      'RSA PRIVATE KEY',
      'EC PRIVATE KEY',
      'OPENSSH PRIVATE KEY',
      'ENCRYPTED PRIVATE KEY',
    ]);
    const core = make.made(64);
    const lines = [`-----BEGIN ${label}-----`, make.made(64), core, `-----END ${label}-----`];
    return { core, text: lines.join(make.one(['\n', '\r\n', '\\n'])) };
  },
  password: (make) => {
    const core = make.made(16);
    const name = make.one([
      'password',
      'Password',
      'DB_PASSWORD',
      'passwd',
      'pwd',
      'client_secret',
      'api_key',
      'apiKey',
    ]);
    return { core, text: `${name}${make.one(['=', ': ', ' = ', '":"', "='"])}${core}` };
  },
  cookie: (make) => {
    const core = make.made(32);
    return { core, text: `${make.one(['Cookie', 'Set-Cookie', 'cookie'])}: ${make.of(LOWER, 5)}=${core}` };
  },
  bearer: (make) => {
    const core = make.made(40);
    return { core, text: `${make.one(['Authorization: Bearer', 'authorization: bearer', 'Bearer'])} ${core}` };
  },
  'private key, its first line cut off': (make) => {
    const core = make.made(64);
    const begins = make.one(['b3BlbnNzaC1rZXktdjEAAAAA', 'MIIEvQIBADANBgkqhkiG9w0B', 'MIIEowIBAAKCAQEA']);
    return { core, text: [`${begins}${make.made(40)}`, core].join(make.one(['\n', '\r\n', '\\n'])) };
  },
  'PuTTY key': (make) => {
    const core = make.made(64);
    const lines = ['PuTTY-User-Key-File-3: ssh-ed25519', 'Encryption: none', 'Private-Lines: 1', core];
    return {
      core,
      text: [...lines, `Private-MAC: ${make.of('0123456789abcdef', 64)}`].join(make.one(['\n', '\r\n', '\\n'])),
    };
  },
  'slack, rotated or of the browser': (make) => {
    const core = make.made(40);
    return { core, text: `xo${make.one([joined('xe.xo', 'xp-1-'), 'xe-1-', 'xc-', 'xd-'])}${core}` };
  },
  'slack webhook': (make) => {
    const core = make.made(24);
    return {
      core,
      text: `https://${joined('hooks.slack', '.com')}/services/T${make.of(DIGITS, 8)}/B${make.of(DIGITS, 8)}/${core}`,
    };
  },
  'aws, the two as the console shows them': (make) => {
    const core = make.made(40);
    return { core, text: `${joined('AK', 'IA')}${make.of(UPPER, 16)}${make.one([',', ' ', '\n', ': '])}${core}` };
  },
  'a tag': (make) => {
    const core = make.made(40);
    const name = make.one(['SecretAccessKey', 'password', 'SessionToken', 'ns:Password']);
    return { core, text: `<${name}>${core}</${name}>` };
  },
  'a field of a form': (make) => {
    const core = make.made(14);
    return { core, text: `Content-Disposition: form-data; name="password"\r\n\r\n${core}` };
  },
  'a password on the next line': (make) => {
    const core = make.made(14);
    return { core, text: `${make.one(['password', 'PASSWORD', 'Kennwort'])}:\n  ${core}` };
  },
  'an address with one in it': (make) => {
    const core = make.made(14);
    return { core, text: `postgres://app:${core}@db.internal:5432/app` };
  },
  'stripe client secret': (make) => {
    const core = make.made(25);
    return { core, text: `pi_${make.of(ALNUM, 24)}_secret_${core}` };
  },
  digest: (make) => {
    const core = make.of('0123456789abcdef', 32);
    return { core, text: `Authorization: Digest username="ada", realm="x", response="${core}"` };
  },
  'aws, the file of its command line': (make) => {
    const core = make.made(40);
    const id = `${joined('AK', 'IA')}${make.of(UPPER, 16)}`;
    return { core, text: `[default]\naws_access_key_id = ${id}\naws_secret_access_key = ${core}` };
  },
  'aws, the prompt and sentences': (make) => {
    const core = make.made(40);
    const before = ['AWS Secret Access Key [None]: ', 'aws_secret_access_key ', 'the secret access key is '];
    return { core, text: `${make.one(before)}${core}` };
  },
  'a command': (make) => {
    const core = make.made(24);
    return { core, text: `curl ${make.one(['-u ada:', '--user ada:', '-b sid=', '--cookie sid='])}${core}` };
  },
  'email, the least of one': (make) => {
    const core = make.made(20);
    const newline = make.one(['\n', '\r\n']);
    const head = ['Date: Mon, 23 Nov 2026 10:00:00 +0000', 'To: team', `From: ${make.of(LOWER, 5)} <a@x.example>`];
    return { core, text: [...head, '', core].join(newline) };
  },
  'email, quoted': (make) => {
    const core = make.made(20);
    return { core, text: `On Mon, Nov 23, 2026 at 10:00 AM Ada <a@x.example> wrote:\n> ${core}` };
  },
  'email message': (make) => {
    const core = make.made(20);
    const newline = make.one(['\n', '\r\n']);
    const head = [
      `From: ${make.of(LOWER, 5)} <x>`,
      `Subject: ${make.of(LOWER, 9)}`,
      `Date: Mon, 23 Nov 2026 10:00:00 +0000`,
    ];
    return { core, text: [...head, '', `Dear ${make.of(LOWER, 4)},`, core].join(newline) };
  },
  'the signing key of the audit log': (make) => {
    const core = make.made(43);
    return { core, text: `${joined('PRIVATE', '+KEY+')}example.com/audit+${make.of(HEX, 8)}+${core}=` };
  },
  'a card': (make) => {
    const core = withLuhn(make.one(['4', '51', '55', '2221', '6011', '62', '3530']).padEnd(15, make.of(DIGITS, 15)));
    return { core, text: core };
  },
  'a card in groups': (make) => {
    const digits = withLuhn(`4${make.of(DIGITS, 14)}`);
    const core = (digits.match(/.{4}/gu) ?? []).join(make.one(['-', ' ', '.']));
    return { core, text: core };
  },
  'an american express card': (make) => {
    const core = withLuhn(`3${make.one(['4', '7'])}${make.of(DIGITS, 12)}`);
    return { core, text: core };
  },
  iban: (make) => {
    const core = make.one([
      withMod97('DE', make.of(DIGITS, 18)),
      withMod97('GB', `${make.of(UPPER, 4)}${make.of(DIGITS, 14)}`),
      withMod97('NO', make.of(DIGITS, 11)),
      withMod97('MT', `${make.of(UPPER, 4)}${make.of(DIGITS, 5)}${make.of(UPPER + DIGITS, 18)}`),
    ]);
    return { core, text: core };
  },
  'iban in groups': (make) => {
    const core = (withMod97('FR', make.of(DIGITS, 23)).match(/.{1,4}/gu) ?? []).join(' ');
    return { core, text: core };
  },
  'us social security number': (make) => {
    const core = `${100 + make.below(500)}-${10 + make.below(89)}-${1000 + make.below(8999)}`;
    return { core, text: core };
  },
  'phone number': (make) => {
    const digits = make.of('23456789', 7);
    const core = make.one([
      `+49 30 ${digits}`,
      `(${make.of('23456789', 3)}) ${digits.slice(0, 3)}-${digits.slice(3)}`,
      `${make.of('23456789', 3)}-${digits.slice(0, 3)}-${digits.slice(3)}`,
      `0049 151 ${digits}`,
      `030 ${digits}`,
      `01 ${make.of(DIGITS, 2)} ${make.of(DIGITS, 2)} ${make.of(DIGITS, 2)} ${make.of(DIGITS, 2)}`,
      `020 ${make.of('23456789', 4)} ${make.of(DIGITS, 4)}`,
    ]);
    return { core, text: core };
  },
  'hugging face': (make) => {
    const core = make.of(UPPER + LOWER, 34);
    return { core, text: `${joined('h', 'f_')}${core}` };
  },
  'hashicorp vault': (make) => {
    const core = make.made(92);
    return { core, text: `hv${make.one(['s', 'b', 'r'])}.${core}` };
  },
  pypi: (make) => {
    const core = make.made(80);
    return { core, text: `${joined('py', 'pi-AgE')}${make.one(['IcHlwaS5vcmc', 'NdGVzdC5weXBpLm9yZw'])}${core}` };
  },
  digitalocean: (make) => {
    const core = make.of(HEX, 64);
    return { core, text: `do${make.one(['p', 'o', 'r'])}_v1_${core}` };
  },
  shopify: (make) => {
    const core = make.of(HEX, 32);
    return { core, text: `shp${make.one(['at', 'ca', 'pa', 'ss'])}_${core}` };
  },
  discord: (make) => {
    const core = make.made(30);
    return { core, text: `${make.one(['M', 'N', 'O'])}${make.of(ALNUM, 23)}.${make.of(ALNUM, 6)}.${core}` };
  },
  telegram: (make) => {
    const core = make.made(33);
    return { core, text: `${1 + make.below(8)}${make.of(DIGITS, 9)}:${joined('A', 'A')}${core}` };
  },
  'azure sas': (make) => {
    const core = make.made(43);
    return {
      core,
      text: `https://x.blob.core.windows.net/c?sv=2024-11-04&se=2026-12-01T00%3A00%3A00Z&sr=c&sp=rl&sig=${core}%3D`,
    };
  },
  'azure service bus': (make) => {
    const core = make.made(43);
    return { core, text: `Endpoint=sb://x.servicebus.windows.net/;SharedAccessKeyName=root;SharedAccessKey=${core}=` };
  },
  'a signed address of google cloud': (make) => {
    const core = make.of(HEX, 256);
    return {
      core,
      text: `https://storage.googleapis.com/b/o?X-Goog-Algorithm=GOOG4-RSA-SHA256&X-Goog-Expires=900&X-Goog-Signature=${core}`,
    };
  },
  'a signed address of before': (make) => {
    const core = make.made(60);
    return { core, text: `https://storage.googleapis.com/b/o?GoogleAccessId=a&Expires=1790000000&Signature=${core}` };
  },
  'glued to letters': (make) => {
    const core = make.made(36);
    return { core, text: `${make.of(ALNUM, 3)}${joined('gh', 'p_')}${core}${make.of(ALNUM, 4)}` };
  },
  'glued to letters, dashed': (make) => {
    const core = make.made(24);
    return { core, text: `${make.of(LOWER, 4)}${joined('gl', 'pat-')}${core}` };
  },
  'glued to digits': (make) => {
    const core = make.of(UPPER + DIGITS, 16);
    return { core, text: `${make.of(DIGITS, 2)}${joined('AK', 'IA')}${core}${make.of(LOWER + DIGITS, 3)}` };
  },
};
