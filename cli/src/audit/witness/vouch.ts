/** One submission to a witness: judged by what is known, saved, and only then vouched for. */
import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { NoteError, type SignerKey, type VerifierKey } from '@muster/tlog/note';
import { cosigned, decideAddCheckpoint, originOf, type AddCheckpoint, type WitnessRefusal } from '@muster/tlog/witness';
import { readState, replaceState } from './state-file';
import type { RememberedTree, WitnessState } from './witness-state';

export interface Witness {
  /** Keys of the logs that it watches. */
  logs: readonly VerifierKey[];
  key: SignerKey;
  /** Its state file, which must be there. */
  file: string;
  now: () => Date;
}

export interface Vouched {
  origin: string;
  size: number;
  /** The signed note with the cosignature, and the cosignature alone. */
  note: string;
  line: string;
}

export interface NotVouched {
  refused: WitnessRefusal;
  /** Where both notes were kept, when the log has signed two that do not go together. */
  evidence?: string;
}

/** The state file is gone, though this witness has begun. */
export class StateMissing extends Error {
  override name = 'StateMissing';
}

export const stateOf = async ({ file, key }: Witness): Promise<WitnessState> => {
  const state = await readState(file, key);
  if (!state) throw new StateMissing(file);
  return state;
};

/** Saved before it is given out: killed in between, the witness has not forgotten, and may say the same again. */
export const vouch = async (witness: Witness, request: AddCheckpoint): Promise<Vouched | NotVouched> => {
  for (;;) {
    const state = await stateOf(witness);
    const known = state.logs.get(originOrNone(request.note));
    const decided = decideAddCheckpoint(request, witness.logs, known);
    if ('refused' in decided) return refusedWith(witness, decided.refused, known, request.note);
    const { origin, size, root } = decided.accepted;
    const { note, line } = cosigned(decided.accepted, witness.key, witness.now());
    const vouched = { origin, size, note, line };
    if (known?.size === size) return vouched;
    const logs = new Map([...state.logs, [origin, { size, root, note }]]);
    // Another process on the same file was faster: judged again, by what that one has left.
    if (await replaceState(witness.file, { ...state, logs }, witness.key)) return vouched;
  }
};

const originOrNone = (note: string): string => {
  try {
    return originOf(note);
  } catch (error) {
    if (error instanceof NoteError) return '';
    throw error;
  }
};

const refusedWith = async (
  witness: Witness,
  refused: WitnessRefusal,
  known: RememberedTree | undefined,
  note: string,
): Promise<NotVouched> =>
  refused.fork && known ? { refused, evidence: await keepEvidence(witness, known.note, note) } : { refused };

/** Both notes, in a file that is named by the newer one, so that the same find is kept once. */
export const keepEvidence = async ({ file }: Pick<Witness, 'file'>, before: string, now: string): Promise<string> => {
  const name = `${file}.evidence-${createHash('sha256').update(now).digest('hex').slice(0, 16)}.txt`;
  const text = `What the log signed, and this witness cosigned:\n\n${before}\nWhat the log has signed now:\n\n${now}`;
  await writeFile(name, text, { mode: 0o600, flag: 'wx' }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
  return name;
};
