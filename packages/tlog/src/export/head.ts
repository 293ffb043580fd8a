/** The signed heads that an export rests on. */
import { verifyCheckpoint, type VerifiedCheckpoint } from '../checkpoint';
import { fromBase64 } from '#crypto';
import { HASH_LENGTH, verifiesConsistency } from '../merkle';
import { ED25519, formatVerifierKey, NoteError, parseVerifierKey, type VerifierKey } from '../note';
import { ExportProblem } from './problem';
import type { HeaderRecord } from './record';

export interface Head extends VerifiedCheckpoint {
  signedAt: Date;
}

/** The keys that decide, and whether they came from somebody else than the file. */
export interface Keys {
  keys: VerifierKey[];
  given: boolean;
}

export const keysFor = (header: HeaderRecord, given: readonly VerifierKey[] | undefined): Keys => {
  const own = header.keys.map(keyIn);
  if (own.length === 0) throw new ExportProblem('HEADER_WRONG', 'The file names no key of its log.');
  if (!given || given.length === 0) return { keys: own, given: false };
  const known = new Set(given.map(formatVerifierKey));
  if (!header.keys.some((key) => known.has(key)))
    throw new ExportProblem(
      'KEY_WRONG',
      'The file is signed with other keys than the one given: it is of another log, or somebody has signed it anew.',
    );
  return { keys: [...given], given: true };
};

const keyIn = (text: string): VerifierKey => {
  try {
    const key = parseVerifierKey(text);
    if (key.type === ED25519 && formatVerifierKey(key) === text) return key;
  } catch (error) {
    if (!(error instanceof NoteError)) throw error;
  }
  throw new ExportProblem('HEADER_WRONG', 'A key that the file names is no key of a log.');
};

/** The head in a note, signed by the log with one of the keys, with the time of its signing. */
export const headIn = (note: string, keys: readonly VerifierKey[], origin: string, what: string): Head => {
  let head: VerifiedCheckpoint;
  try {
    head = verifyCheckpoint(note, keys);
  } catch (error) {
    if (!(error instanceof NoteError)) throw error;
    throw new ExportProblem(
      'HEAD_NOT_SIGNED',
      `${what} is not signed by the log with a key that is known here: ${error.message}.`,
    );
  }
  if (head.origin !== origin) throw new ExportProblem('HEAD_WRONG', `${what} is of another log: ${head.origin}.`);
  if (!head.signedAt) throw new ExportProblem('HEAD_WRONG', `${what} does not say when it was signed.`);
  return { ...head, signedAt: head.signedAt };
};

export const hashesIn = (texts: readonly string[], what: string): Uint8Array[] =>
  texts.map((text) => hashIn(text, what));

export const hashIn = (text: string, what: string): Uint8Array => {
  let bytes: Uint8Array | undefined;
  try {
    bytes = fromBase64(text);
  } catch {
    bytes = undefined;
  }
  if (bytes?.length === HASH_LENGTH) return bytes;
  throw new ExportProblem('PROOF_WRONG', `A hash in ${what} is not 32 bytes in base64.`);
};

/** Throws unless the tree of the head goes on from the one of `size` leaves with this root. */
export const refuseInconsistent = (
  older: { size: number; root: Uint8Array },
  proof: readonly string[],
  head: Head,
  what: string,
): void => {
  const consistent = verifiesConsistency(older.size, head.size, hashesIn(proof, what), older.root, head.root);
  if (!consistent) throw new ExportProblem('PROOF_WRONG', what);
};
