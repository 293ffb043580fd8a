/** A witness that asks the backend itself: for its newest head, and for the proof that it goes on from the one known before. */
import { verifyCheckpoint, type VerifiedCheckpoint } from '@muster/tlog/checkpoint';
import { fromBase64 } from '@muster/tlog/crypto';
import { NoteError } from '@muster/tlog/note';
import type { CommandContext } from '../../command-context';
import { keepEvidence, stateOf, vouch, type Vouched, type Witness } from './vouch';

/** The log has gone back on what it signed, or cannot show that it has not. */
export interface Alarm {
  alarm: 'fork' | 'rollback' | 'not proven' | 'not signed';
  what: string;
  /** The file with both notes. */
  evidence: string | null;
}

export type Watched = Vouched | Alarm | { empty: true };

export const watchOnce = async (context: Pick<CommandContext, 'fetch'>, witness: Witness): Promise<Watched> => {
  for (;;) {
    const { head } = await context.fetch('audit-head', {});
    const state = await stateOf(witness);
    const origin = witness.logs[0]?.name ?? '';
    const known = state.logs.get(origin);
    if (!head) return known ? rollback(witness, known, '', 0) : { empty: true };

    const verified = verifiedOr(head.note, witness);
    if ('alarm' in verified) return verified;
    // What the note says counts, and not what stands beside it.
    const { size } = verified;
    if (known && size < known.size) return rollback(witness, known, head.note, size);

    const goesOn = known !== undefined && known.size > 0 && known.size < size;
    const proof = goesOn ? await proofOf(context, known.size, size) : [];
    const answer = await vouch(witness, { oldSize: known?.size ?? 0, proof, note: head.note });
    if (!('refused' in answer)) return answer;
    const { refused, evidence } = answer;
    if (refused.fork) return { alarm: 'fork', what: refused.problem, evidence: evidence ?? null };
    // Another process on the same file went on meanwhile: what it has left is asked for next.
    if (refused.knownSize !== undefined) continue;
    const kept = known ? await keepEvidence(witness, known.note, head.note) : null;
    return { alarm: 'not proven', what: refused.problem, evidence: kept };
  }
};

const proofOf = async ({ fetch }: Pick<CommandContext, 'fetch'>, older: number, newer: number) => {
  const { consistency } = await fetch('audit-prove', { older, newer });
  return (consistency?.proof ?? []).map(fromBase64);
};

/** A head that no key that was given has signed is none, whatever it says. */
const verifiedOr = (note: string, { logs }: Witness): VerifiedCheckpoint | Alarm => {
  try {
    return verifyCheckpoint(note, logs);
  } catch (error) {
    if (!(error instanceof NoteError)) throw error;
    const what = `The head is not signed by a key that was given: ${error.message}.`;
    return { alarm: 'not signed', what, evidence: null };
  }
};

const rollback = async (
  witness: Witness,
  known: { size: number; note: string },
  note: string,
  size: number,
): Promise<Alarm> => ({
  alarm: 'rollback',
  what: `The log had ${known.size} leaves when it was cosigned here, and now shows ${size}: leaves were taken away.`,
  evidence: await keepEvidence(witness, known.note, note),
});
