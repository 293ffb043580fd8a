/** Whether a range holds all that happened in the time that was asked for. */
import { sameBytes } from '../bytes';
import { headIn, type Head, type Keys } from './head';
import { ExportProblem } from './problem';
import type { RangeScope } from './record';

/** Clocks of machines differ by less than the first, and nothing waits as long as the second before it is sealed. */
const EARLIER_MS = 5 * 60_000;
const LATER_MS = 60 * 60_000;

/** A cosignature says whole seconds. */
const SECOND_MS = 1000;

export interface LogAround {
  origin: string;
  keys: Keys;
  /** The roots of the trees of `begin` and of `end` leaves. */
  left: Uint8Array;
  right: Uint8Array;
  /** Of the head. */
  size: number;
}

/** The heads around a range were signed well before and well after; without a time, it is all of the log. */
export const refuseWrongPeriod = (range: RangeScope, log: LogAround): void => {
  refuseLateBegin(range, log);
  refuseEarlyEnd(range, log);
};

const refuseLateBegin = ({ period, begin }: RangeScope, log: LogAround): void => {
  const [from, before] = [period?.from ?? null, period?.before ?? null];
  if (from === null || before === null) {
    if (begin === 0 && before === null) return;
    throw new ExportProblem(
      'PERIOD_NOT_COVERED',
      'The range does not begin where the log does, or the time that was asked for.',
    );
  }
  const { signedAt } = headAt(before, { size: begin, root: log.left }, log, 'The head before the range');
  if (signedAt.getTime() > Date.parse(from) - EARLIER_MS)
    throw new ExportProblem('PERIOD_NOT_COVERED', `Entries from ${from} on may stand before this range.`);
};

const refuseEarlyEnd = ({ period, end }: RangeScope, log: LogAround): void => {
  const [to, after] = [period?.to ?? null, period?.after ?? null];
  if (to === null || after === null) {
    if (end === log.size && after === null) return;
    throw new ExportProblem(
      'PERIOD_NOT_COVERED',
      'The range does not end where the log does, or the time that was asked for.',
    );
  }
  const { signedAt } = headAt(after, { size: end, root: log.right }, log, 'The head after the range');
  if (signedAt.getTime() + SECOND_MS < Date.parse(to) + LATER_MS)
    throw new ExportProblem('PERIOD_NOT_COVERED', `Entries up to ${to} may stand after this range.`);
};

const headAt = (
  note: string,
  tree: { size: number; root: Uint8Array },
  { keys, origin }: LogAround,
  what: string,
): Head => {
  const head = headIn(note, keys.keys, origin, what);
  if (head.size !== tree.size || !sameBytes(head.root, tree.root))
    throw new ExportProblem('HEAD_WRONG', `${what} is of another tree.`);
  return head;
};
