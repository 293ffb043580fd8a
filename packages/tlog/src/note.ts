/** C2SP signed-note: a text, and lines of signatures over it. Keys are Ed25519 (type 0x01), and cosignatures (type 0x04). */
import { concat, sameBytes, toHex } from './bytes';
import { fromBase64, publicKeyOf, sha256, signEd25519, toBase64, utf8, verifyEd25519 } from '#crypto';

/** What a signature is over: the note's text (0x01), or the text and the time at which it was seen (0x04, C2SP tlog-cosignature). */
export const ED25519 = 1;
export const COSIGNATURE_V1 = 4;

/** A key that notes are checked with, as `NAME+HASH+BASE64` names it. */
export interface VerifierKey {
  name: string;
  /** The first four bytes of SHA-256(name, newline, type, key). */
  hash: Uint8Array;
  type: typeof ED25519 | typeof COSIGNATURE_V1;
  publicKey: Uint8Array;
}

/** A key that notes are signed with, as `PRIVATE+KEY+NAME+HASH+BASE64` names it. */
export interface SignerKey extends VerifierKey {
  seed: Uint8Array;
}

export interface NoteSignature {
  name: string;
  hash: Uint8Array;
  /** What follows the hash: 64 bytes, or for a cosignature eight of its time and 64. */
  signature: Uint8Array;
}

export interface SignedNote {
  /** With the newline at its end. */
  text: string;
  signatures: NoteSignature[];
}

/** It is not a signed note, or not a key, and why. */
export class NoteError extends Error {
  override name = 'NoteError';
}

const LONGEST_NOTE = 1_000_000;
const MOST_SIGNATURES = 100;
const NAME = /^[^\s+\p{Cc}]{1,200}$/u;

const hashOfKey = (name: string, type: number, publicKey: Uint8Array): Uint8Array =>
  sha256(utf8(`${name}\n`), Uint8Array.of(type), publicKey).slice(0, 4);

export const signerKeyFrom = (name: string, seed: Uint8Array, type: VerifierKey['type'] = ED25519): SignerKey => {
  if (!NAME.test(name)) throw new NoteError('the name of a key has no spaces and no "+"');
  const publicKey = publicKeyOf(seed);
  return { name, type, publicKey, seed, hash: hashOfKey(name, type, publicKey) };
};

export const verifierKeyFrom = (name: string, publicKey: Uint8Array, type: VerifierKey['type']): VerifierKey => ({
  name,
  type,
  publicKey,
  hash: hashOfKey(name, type, publicKey),
});

export const formatVerifierKey = ({ name, hash, type, publicKey }: VerifierKey): string =>
  `${name}+${toHex(hash)}+${toBase64(concat(Uint8Array.of(type), publicKey))}`;

export const formatSignerKey = ({ name, hash, type, seed }: SignerKey): string =>
  `PRIVATE+KEY+${name}+${toHex(hash)}+${toBase64(concat(Uint8Array.of(type), seed))}`;

/** Reads `NAME+HASH+BASE64`. The hash must be the key's own. */
export const parseVerifierKey = (text: string): VerifierKey => {
  const { name, hash, type, bytes } = partsOf(text.trim());
  const key = verifierKeyFrom(name, bytes, type);
  if (toHex(key.hash) !== hash) throw new NoteError('the key does not have the hash that stands before it');
  return key;
};

export const parseSignerKey = (text: string): SignerKey => {
  const rest = text.trim();
  if (!rest.startsWith('PRIVATE+KEY+')) throw new NoteError('a signing key begins with PRIVATE+KEY+');
  const { name, hash, type, bytes } = partsOf(rest.slice('PRIVATE+KEY+'.length));
  const key = signerKeyFrom(name, bytes, type);
  if (toHex(key.hash) !== hash) throw new NoteError('the key does not have the hash that stands before it');
  return key;
};

const partsOf = (text: string): { name: string; hash: string; type: VerifierKey['type']; bytes: Uint8Array } => {
  const [, name = '', hash = '', encoded = ''] = /^([^+]+)\+([0-9a-f]{8})\+(.+)$/su.exec(text) ?? [];
  if (!NAME.test(name)) throw new NoteError('a key is NAME+HASH+KEY, where HASH is eight hexadecimal digits');
  const bytes = decoded(encoded);
  const type = bytes[0];
  if (bytes.length !== 33 || (type !== ED25519 && type !== COSIGNATURE_V1))
    throw new NoteError('not a key of a kind that is known here: Ed25519, or the cosignature of a witness');
  return { name, hash, type, bytes: bytes.slice(1) };
};

const decoded = (text: string): Uint8Array => {
  try {
    return fromBase64(text);
  } catch (error) {
    throw new NoteError('base64 that is not as RFC 4648 writes it', { cause: error });
  }
};

/** Takes a note apart; nothing in it is verified yet. */
export const parseNote = (note: string): SignedNote => {
  if (note.length > LONGEST_NOTE) throw new NoteError('too long for a note');
  // oxlint-disable-next-line no-control-regex -- control characters are what a note must not have
  if (/[\u0000-\u0009\u000b-\u001f]/u.test(note)) throw new NoteError('a note has no control characters but newlines');
  const end = note.lastIndexOf('\n\n');
  if (end <= 0 || !note.endsWith('\n')) throw new NoteError('a note is a text, an empty line, and signatures');
  const lines = note.slice(end + 2, -1).split('\n');
  if (lines.length > MOST_SIGNATURES) throw new NoteError('too many signatures');
  return { text: note.slice(0, end + 1), signatures: lines.map(signatureFrom) };
};

const signatureFrom = (line: string): NoteSignature => {
  const [, name = '', encoded = ''] = /^— (\S+) (\S+)$/u.exec(line) ?? [];
  if (!NAME.test(name)) throw new NoteError('a line of a signature is a dash, a name, and base64');
  const bytes = decoded(encoded);
  if (bytes.length < 5) throw new NoteError('a signature that is too short');
  return { name, hash: bytes.slice(0, 4), signature: bytes.slice(4) };
};

export const formatSignature = ({ name, hash, signature }: NoteSignature): string =>
  `— ${name} ${toBase64(concat(hash, signature))}\n`;

export const formatNote = ({ text, signatures }: SignedNote): string =>
  `${text}\n${signatures.map(formatSignature).join('')}`;

export const signText = (text: string, key: SignerKey): NoteSignature => ({
  name: key.name,
  hash: key.hash,
  signature: signEd25519(key.seed, utf8(text)),
});

/** A cosignature: that this note was seen at `seconds` since 1970, and that its log had not gone back on what it said before. */
export const cosignText = (text: string, key: SignerKey, seconds: number): NoteSignature => {
  const time = new Uint8Array(8);
  new DataView(time.buffer).setBigUint64(0, BigInt(seconds));
  return {
    name: key.name,
    hash: key.hash,
    signature: concat(time, signEd25519(key.seed, cosigned(text, BigInt(seconds)))),
  };
};

const cosigned = (text: string, seconds: bigint): Uint8Array => utf8(`cosignature/v1\ntime ${seconds}\n${text}`);

/** What a key vouches for in a note: nothing, that it signed it, or when it saw it (seconds since 1970). */
export const vouchedBy = (
  { text, signatures }: SignedNote,
  key: VerifierKey,
): { signed: false } | { signed: true; seconds: number | null } => {
  let seconds: number | null | undefined;
  for (const { name, hash, signature } of signatures) {
    if (name !== key.name || !sameBytes(hash, key.hash)) continue;
    // A signature that names this key and is not of it: who adds one wants something. The note does not stand.
    const found = key.type === ED25519 ? plainly(text, key, signature) : timely(text, key, signature);
    if (found === undefined) return { signed: false };
    seconds = found;
  }
  return seconds === undefined ? { signed: false } : { signed: true, seconds };
};

const plainly = (text: string, { publicKey }: VerifierKey, signature: Uint8Array): null | undefined =>
  verifyEd25519(publicKey, utf8(text), signature) ? null : undefined;

const timely = (text: string, { publicKey }: VerifierKey, signature: Uint8Array): number | undefined => {
  if (signature.length !== 72) return undefined;
  const seconds = new DataView(signature.buffer, signature.byteOffset, 8).getBigUint64(0);
  if (seconds > 253_402_300_799n) return undefined;
  return verifyEd25519(publicKey, cosigned(text, seconds), signature.slice(8)) ? Number(seconds) : undefined;
};
