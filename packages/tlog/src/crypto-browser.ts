/** What the log needs of the machine it runs on, in a browser: `crypto.ts` is replaced by this when the page is built. */
import { hashes, verify } from '@noble/ed25519';
import { hmac } from '@noble/hashes/hmac.js';
import { sha256 as sha256Of, sha512 } from '@noble/hashes/sha2.js';

hashes.sha512 = sha512;

export const sha256 = (...parts: Uint8Array[]): Uint8Array => {
  const hash = sha256Of.create();
  for (const part of parts) hash.update(part);
  return hash.digest();
};

/** SHA-256 over what comes in pieces. */
export const runningSha256 = (): { update(bytes: Uint8Array): void; digest(): Uint8Array } => {
  const hash = sha256Of.create();
  return { update: (bytes) => void hash.update(bytes), digest: () => hash.digest() };
};

export const hmacSha256 = (key: Uint8Array, message: Uint8Array): Uint8Array => hmac(sha256Of, key, message);

export const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

export const fromUtf8 = (bytes: Uint8Array): string => new TextDecoder('utf-8', { fatal: true }).decode(bytes);

const AT_ONCE = 8192;

export const toBase64 = (bytes: Uint8Array): string => {
  let text = '';
  for (let at = 0; at < bytes.length; at += AT_ONCE) text += String.fromCharCode(...bytes.subarray(at, at + AT_ONCE));
  return btoa(text);
};

/** Standard base64 with its padding, and nothing else: two spellings of the same bytes would be two files that both verify. */
export const fromBase64 = (text: string): Uint8Array => {
  const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  if (toBase64(bytes) !== text) throw new Error('not base64 as RFC 4648 writes it');
  return bytes;
};

/** RFC 8032 Ed25519. False for anything that is not a signature of these bytes by this key. */
export const verifyEd25519 = (publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean => {
  if (publicKey.length !== 32 || signature.length !== 64) return false;
  try {
    return verify(signature, message, publicKey, { zip215: false });
  } catch {
    return false;
  }
};

const signsNothing = (): never => {
  throw new Error('this page checks, and signs nothing');
};

export const signEd25519: (seed: Uint8Array, message: Uint8Array) => Uint8Array = signsNothing;
export const publicKeyOf: (seed: Uint8Array) => Uint8Array = signsNothing;
