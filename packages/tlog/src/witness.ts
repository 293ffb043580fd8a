/**
 * C2SP tlog-witness: what a witness is asked (`add-checkpoint`), and what it decides. It knows the newest checkpoint of each
 * log that it has cosigned, and vouches for another one only if that goes on from it. Whoever calls this keeps the state: read,
 * decide and save are one step that nothing comes between, and it is saved before the cosignature is given out.
 */
import { parseCheckpoint, verifyCheckpoint, type VerifiedCheckpoint } from './checkpoint';
import { fromBase64, toBase64, fromUtf8 } from '#crypto';
import { sameBytes } from './bytes';
import { emptyRoot, HASH_LENGTH, verifiesConsistency } from './merkle';
import {
  cosignText,
  formatNote,
  formatSignature,
  NoteError,
  parseNote,
  type SignerKey,
  type VerifierKey,
} from './note';

const MOST_HASHES = 63;

/** An `add-checkpoint` as it was asked: the proof goes from `oldSize` to the checkpoint in `note`. */
export interface AddCheckpoint {
  oldSize: number;
  proof: Uint8Array[];
  note: string;
}

/** The newest checkpoint of a log that this witness has cosigned. */
export interface WitnessedTree {
  size: number;
  root: Uint8Array;
}

/**
 * Why a witness vouches for nothing: the status of C2SP tlog-witness, and a sentence. With `knownSize`, it is the answer's body
 * (`text/x.tlog.size`). `fork` is set where the log itself has signed what does not go together: both notes are the proof.
 */
export interface WitnessRefusal {
  status: 400 | 403 | 404 | 409 | 422;
  problem: string;
  knownSize?: number;
  fork?: true;
}

export type WitnessDecision = { accepted: VerifiedCheckpoint } | { refused: WitnessRefusal };

/** Reads the body of an `add-checkpoint`. Throws `NoteError` for anything that the specification does not have. */
export const parseAddCheckpoint = (body: Uint8Array): AddCheckpoint => {
  const text = textOf(body);
  const end = text.indexOf('\n\n');
  if (end < 0) throw new NoteError('old size and proof end with an empty line');
  const [first = '', ...lines] = text.slice(0, end).split('\n');
  const [, size] = /^old (0|[1-9]\d{0,15})$/u.exec(first) ?? [];
  if (size === undefined || !Number.isSafeInteger(Number(size)))
    throw new NoteError('the first line is "old", a space, and the size that the proof begins at');
  if (lines.length > MOST_HASHES) throw new NoteError(`a proof has ${MOST_HASHES} hashes at the most`);
  return { oldSize: Number(size), proof: lines.map(hashFrom), note: text.slice(end + 2) };
};

export const formatAddCheckpoint = ({ oldSize, proof, note }: AddCheckpoint): string =>
  `old ${oldSize}\n${proof.map((hash) => `${toBase64(hash)}\n`).join('')}\n${note}`;

const textOf = (body: Uint8Array): string => {
  try {
    return fromUtf8(body);
  } catch (error) {
    throw new NoteError('not UTF-8', { cause: error });
  }
};

const hashFrom = (line: string): Uint8Array => {
  let hash: Uint8Array;
  try {
    hash = fromBase64(line);
  } catch (error) {
    throw new NoteError('a line of the proof is 32 bytes in base64', { cause: error });
  }
  if (hash.length !== HASH_LENGTH) throw new NoteError('a line of the proof is 32 bytes in base64');
  return hash;
};

/** Which log a checkpoint says it is of, before anything of it is verified. */
export const originOf = (note: string): string => parseCheckpoint(parseNote(note).text).origin;

/**
 * Whether to vouch for a checkpoint: `keys` are those of the logs that are witnessed here (a log is called as its keys are),
 * `known` is the newest of that log so far. In the order of the specification.
 */
export const decideAddCheckpoint = (
  { oldSize, proof, note }: AddCheckpoint,
  keys: readonly VerifierKey[],
  known: WitnessedTree = { size: 0, root: emptyRoot() },
): WitnessDecision => {
  let origin: string;
  try {
    origin = originOf(note);
  } catch (error) {
    if (error instanceof NoteError) return refuse(400, `Not a checkpoint: ${error.message}.`);
    throw error;
  }
  const ofLog = keys.filter(({ name }) => name === origin);
  if (ofLog.length === 0) return refuse(404, `The log ${origin} is not witnessed here.`);
  let checkpoint: VerifiedCheckpoint;
  try {
    checkpoint = verifyCheckpoint(note, ofLog);
  } catch (error) {
    if (error instanceof NoteError) return refuse(403, `No key that is known here has signed it: ${error.message}.`);
    throw error;
  }
  const { size, root } = checkpoint;
  if (oldSize > size) return refuse(400, `The old size is larger than that of the checkpoint, ${size}.`);
  if (known.size === size && size > 0 && !sameBytes(known.root, root))
    return {
      refused: {
        status: 409,
        knownSize: known.size,
        fork: true,
        problem: `A fork: the log ${origin} has signed two different trees of ${size} leaves.`,
      },
    };
  if (oldSize !== known.size)
    return {
      refused: { status: 409, knownSize: known.size, problem: `The newest size that is known here is ${known.size}.` },
    };
  // From the empty tree the specification wants no proof, and no root of it can be wrong but that of a tree as empty.
  if (!verifiesConsistency(oldSize, size, proof, known.root, root))
    return refuse(422, `The proof does not show that the tree of ${size} leaves goes on from the one of ${oldSize}.`);
  return { accepted: checkpoint };
};

const refuse = (status: WitnessRefusal['status'], problem: string): WitnessDecision => ({
  refused: { status, problem },
});

/** The note with a witness's cosignature behind the log's own signatures, and that line alone, as a witness answers it. */
export const cosigned = (
  { note: { text, signatures }, key }: VerifiedCheckpoint,
  witness: SignerKey,
  at: Date,
): { note: string; line: string } => {
  const cosignature = cosignText(text, witness, Math.floor(at.getTime() / 1000));
  // Of other names nothing was verified, so nothing is handed on. The log's own may be of a key that is new, or over.
  const own = signatures.filter(({ name }) => name === key.name);
  return { note: formatNote({ text, signatures: [...own, cosignature] }), line: formatSignature(cosignature) };
};
