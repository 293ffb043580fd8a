/** What the log needs of the machine it runs on, in Node. The page for auditors has the same in `crypto-browser.ts`. */
import {
  createHash,
  createHmac,
  createPrivateKey,
  createPublicKey,
  hash as hashAtOnce,
  sign,
  verify,
  type KeyObject,
} from 'node:crypto';

/** Node has the first way from 20.12 on: a third less for something as small as a leaf. */
export const sha256 = (...parts: Uint8Array[]): Uint8Array => {
  if (hashAtOnce)
    return hashAtOnce('sha256', parts.length === 1 ? (parts[0] as Uint8Array) : Buffer.concat(parts), 'buffer');
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
};

export const hmacSha256 = (key: Uint8Array, message: Uint8Array): Uint8Array =>
  createHmac('sha256', key).update(message).digest();

export const utf8 = (text: string): Uint8Array => Buffer.from(text, 'utf8');

export const fromUtf8 = (bytes: Uint8Array): string => new TextDecoder('utf-8', { fatal: true }).decode(bytes);

export const toBase64 = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');

/** Standard base64 with its padding, and nothing else: two spellings of the same bytes would be two files that both verify. */
export const fromBase64 = (text: string): Uint8Array => {
  const bytes = Buffer.from(text, 'base64');
  if (bytes.toString('base64') !== text) throw new Error('not base64 as RFC 4648 writes it');
  return bytes;
};

/** DER of a public, and of a private key of Ed25519 up to where its 32 bytes begin (RFC 8410). */
const SPKI = Buffer.from('302a300506032b6570032100', 'hex');
const PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex');

const publicKeys = new Map<string, KeyObject>();

/** RFC 8032 Ed25519. False for anything that is not a signature of these bytes by this key. */
export const verifyEd25519 = (publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean => {
  if (publicKey.length !== 32 || signature.length !== 64) return false;
  const name = toBase64(publicKey);
  let key = publicKeys.get(name);
  if (!key) {
    key = createPublicKey({ key: Buffer.concat([SPKI, publicKey]), format: 'der', type: 'spki' });
    if (publicKeys.size > 100) publicKeys.clear();
    publicKeys.set(name, key);
  }
  return verify(null, message, key, signature);
};

export const signEd25519 = (seed: Uint8Array, message: Uint8Array): Uint8Array =>
  sign(null, message, privateKeyOf(seed));

export const publicKeyOf = (seed: Uint8Array): Uint8Array =>
  createPublicKey(privateKeyOf(seed)).export({ format: 'der', type: 'spki' }).subarray(SPKI.length);

const privateKeyOf = (seed: Uint8Array): KeyObject => {
  if (seed.length !== 32) throw new Error('a key of Ed25519 has 32 bytes');
  return createPrivateKey({ key: Buffer.concat([PKCS8, seed]), format: 'der', type: 'pkcs8' });
};

/** SHA-256 over what comes in pieces. */
export const runningSha256 = (): { update(bytes: Uint8Array): void; digest(): Uint8Array } => {
  const hash = createHash('sha256');
  return { update: (bytes) => void hash.update(bytes), digest: () => hash.digest() };
};
