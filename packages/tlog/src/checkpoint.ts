/** C2SP tlog-checkpoint v1.0.0: what a log says of itself, as the text of a signed note. */
import { fromBase64, toBase64 } from '#crypto';
import { HASH_LENGTH } from './merkle';
import {
  cosignText,
  COSIGNATURE_V1,
  ED25519,
  formatNote,
  NoteError,
  parseNote,
  signText,
  signerKeyFrom,
  verifierKeyFrom,
  vouchedBy,
  type SignedNote,
  type SignerKey,
  type VerifierKey,
} from './note';

export interface Checkpoint {
  /** Which log it is of. */
  origin: string;
  size: number;
  root: Uint8Array;
}

/** A checkpoint that one of the keys asked about vouches for. */
export interface VerifiedCheckpoint extends Checkpoint {
  note: SignedNote;
  /** When its log says that it was signed; null when the log said no time. */
  signedAt: Date | null;
  /** The key that it was verified with. */
  key: VerifierKey;
}

export const formatCheckpoint = ({ origin, size, root }: Checkpoint): string =>
  `${origin}\n${size}\n${toBase64(root)}\n`;

/** Reads the text of a note as a checkpoint. Lines after the third may be there, and say nothing here. */
export const parseCheckpoint = (text: string): Checkpoint => {
  const lines = text.split('\n');
  const [origin = '', size = '', root = ''] = lines;
  if (lines.length < 4 || lines.at(-1) !== '' || lines.slice(0, -1).includes(''))
    throw new NoteError('a checkpoint has three lines: origin, size and root');
  if (!/^(0|[1-9]\d{0,15})$/u.test(size) || !Number.isSafeInteger(Number(size)))
    throw new NoteError('the size of a checkpoint is a whole number');
  const hash = decodedRoot(root);
  return { origin, size: Number(size), root: hash };
};

const decodedRoot = (text: string): Uint8Array => {
  let bytes: Uint8Array;
  try {
    bytes = fromBase64(text);
  } catch (error) {
    throw new NoteError('the root of a checkpoint is 32 bytes in base64', { cause: error });
  }
  if (bytes.length !== HASH_LENGTH) throw new NoteError('the root of a checkpoint is 32 bytes in base64');
  return bytes;
};

/**
 * Signs a checkpoint with each key: once as a note is signed, and once as a cosignature of the same key, which carries
 * the time (a checkpoint itself has none, and C2SP advises against extension lines). The two cannot be taken for each
 * other: what a cosignature signs begins with `cosignature/v1`, and the other with the origin.
 */
export const signCheckpoint = (checkpoint: Checkpoint, keys: readonly SignerKey[], at: Date): string => {
  const text = formatCheckpoint(checkpoint);
  const seconds = Math.floor(at.getTime() / 1000);
  return formatNote({
    text,
    signatures: [
      ...keys.map((key) => signText(text, key)),
      ...keys.map((key) => cosignText(text, signerKeyFrom(key.name, key.seed, COSIGNATURE_V1), seconds)),
    ],
  });
};

/** The key of the same log that says when: the same bytes under the type of a cosignature. */
const timeKeyOf = (key: VerifierKey): VerifierKey => verifierKeyFrom(key.name, key.publicKey, COSIGNATURE_V1);

/** Throws `NoteError` unless one of the keys signed it, and it is of the log that the key is named after. */
export const verifyCheckpoint = (note: string, keys: readonly VerifierKey[]): VerifiedCheckpoint => {
  const parsed = parseNote(note);
  const checkpoint = parseCheckpoint(parsed.text);
  for (const key of keys) {
    if (key.type !== ED25519 || !vouchedBy(parsed, key).signed) continue;
    if (checkpoint.origin !== key.name) throw new NoteError(`a checkpoint of another log: ${checkpoint.origin}`);
    const when = vouchedBy(parsed, timeKeyOf(key));
    const signedAt = when.signed && when.seconds !== null ? new Date(when.seconds * 1000) : null;
    return { ...checkpoint, note: parsed, signedAt, key };
  }
  throw new NoteError('none of the keys has signed this checkpoint');
};
