/** Tokens that nobody issued, each made from a good one by one change. */
import { createHmac, generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import * as z from 'zod';

export interface Forgery {
  name: string;
  /** The whole Authorization header; null for none. */
  authorization: (good: string, now: Date) => string | null;
  /** Why the emulator cannot tell it from a good one; undefined where it can. */
  unknownToEmulator?: string;
}

const UNSIGNED = 'the emulator signs no token and verifies no signature, so this one is as good as its own';
const HOUR = 3600;
const DAY = 24 * HOUR;

export const FORGERIES: readonly Forgery[] = [
  { name: 'no token', authorization: () => null },
  { name: 'garbage', authorization: () => 'Bearer garbage' },
  { name: 'three parts of garbage', authorization: () => 'Bearer e30.e30.e30' },
  { name: 'a password instead of a token', authorization: () => 'Basic c3RhZmY6c3RhZmY=' },
  { name: 'expired', authorization: changed((_, now) => ({ iat: seconds(now) - 2 * HOUR, exp: seconds(now) - HOUR })) },
  { name: 'of a sign-in to come', authorization: changed((_, now) => ({ auth_time: seconds(now) + DAY })) },
  {
    name: 'of another project',
    authorization: changed(() => ({ aud: 'another-project', iss: 'https://securetoken.google.com/another-project' })),
  },
  {
    name: 'of another issuer',
    authorization: changed(({ aud }) => ({ iss: `https://accounts.google.com/${String(aud)}` })),
  },
  { name: 'of somebody who does not exist', authorization: changed(() => stranger()) },
  { name: 'without a subject', authorization: changed(() => ({ sub: '', user_id: '' })) },
  { name: 'signed by somebody else', authorization: (good) => `Bearer ${signedByStranger(good)}` },
  { name: 'signed with a secret that everybody knows', authorization: (good) => `Bearer ${signedWithSecret(good)}` },
  {
    name: 'with a role added, under the old signature',
    authorization: changed(() => ({ admin: true, staff: true })),
    unknownToEmulator: UNSIGNED,
  },
  {
    name: 'without its signature',
    authorization: (good) => `Bearer ${withoutSignature(good)}`,
    unknownToEmulator: UNSIGNED,
  },
  {
    name: 'that says it needs no signature (alg none)',
    authorization: (good) => `Bearer ${algNone(good)}`,
    unknownToEmulator: UNSIGNED,
  },
];

type Claims = Record<string, unknown>;
const claims = z.record(z.string(), z.unknown());

const seconds = (at: Date): number => Math.floor(at.getTime() / 1000);
const stranger = (): Claims => {
  const uid = `nobody${randomBytes(8).toString('hex')}`;
  return { sub: uid, user_id: uid };
};

const partsOf = (token: string): [string, string, string] => {
  const [header = '', payload = '', signature = ''] = token.split('.');
  return [header, payload, signature];
};
const decoded = (part: string): Claims => claims.parse(JSON.parse(Buffer.from(part, 'base64url').toString('utf8')));
const encoded = (content: Claims): string => Buffer.from(JSON.stringify(content)).toString('base64url');

function changed(change: (before: Claims, now: Date) => Claims): Forgery['authorization'] {
  return (good, now) => {
    const [header, payload, signature] = partsOf(good);
    const before = decoded(payload);
    return `Bearer ${header}.${encoded({ ...before, ...change(before, now) })}.${signature}`;
  };
}

const withoutSignature = (good: string): string => {
  const [header, payload] = partsOf(good);
  return `${header}.${payload}.`;
};

const algNone = (good: string): string => {
  const [header, payload] = partsOf(good);
  return `${encoded({ ...decoded(header), alg: 'none' })}.${payload}.`;
};

const signedByStranger = (good: string): string => {
  const [header, payload] = partsOf(good);
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const content = `${encoded({ kid: 'unheard-of', ...decoded(header), alg: 'RS256' })}.${payload}`;
  return `${content}.${sign('sha256', Buffer.from(content), privateKey).toString('base64url')}`;
};

const signedWithSecret = (good: string): string => {
  const [header, payload] = partsOf(good);
  const content = `${encoded({ ...decoded(header), alg: 'HS256' })}.${payload}`;
  return `${content}.${createHmac('sha256', 'secret').update(content).digest('base64url')}`;
};
