/** All leaves of a range: none may be left out, and together they are the tree that was signed. */
import { sameBytes } from '../bytes';
import { CompactTree } from '../merkle';
import { hashesIn, refuseInconsistent, type Head } from './head';
import { cannotCompare, outOfOrder, type BodyFacts, type Leaves } from './leaves';
import { refuseWrongPeriod } from './period';
import { ExportProblem } from './problem';
import type { HeaderRecord, RangeScope } from './record';

export const rangeOf = ({ origin }: HeaderRecord, range: RangeScope, { head, keys, held }: BodyFacts): Leaves => {
  const { begin, end } = range;
  if (begin > end || end > head.size)
    throw new ExportProblem('HEADER_WRONG', 'The range of the file is not one of its log.');
  const tree = startOf(range);
  const kept = held.map((one) => ({ ...one, met: false }));
  const compare = (): void => {
    for (const one of kept) {
      if (one.size !== tree.size) continue;
      one.met = true;
      if (!sameBytes(tree.root(), one.root)) throw forked(one);
    }
  };
  compare();
  return {
    add(record, hash) {
      const { leafIndex } = record;
      if ('proof' in record)
        throw new ExportProblem('PROOF_WRONG', 'A range has no proofs of single leaves.', leafIndex);
      if (leafIndex !== tree.size || leafIndex >= end) throw outOfPlace(leafIndex, tree.size, end);
      tree.append(hash);
      if (kept.length > 0) compare();
    },
    finish() {
      if (tree.size !== end)
        throw new ExportProblem(
          'LEAF_MISSING',
          `The file ends after leaf ${tree.size - 1}, and should go on to leaf ${end - 1}.`,
        );
      const older = { size: end, root: tree.root() };
      refuseInconsistent(older, range.consistency, head, unsealed(begin, end));
      for (const one of kept) {
        if (one.size === head.size && !one.met) {
          if (!sameBytes(one.root, head.root)) throw forked(one);
        } else if (!one.met) throw cannotCompare(one);
      }
      refuseWrongPeriod(range, { origin, keys, left: startOf(range).root(), right: older.root, size: head.size });
    },
  };
};

const startOf = ({ begin, left }: RangeScope): CompactTree => {
  try {
    return new CompactTree(begin, hashesIn(left, 'the header'));
  } catch (error) {
    if (error instanceof ExportProblem) throw error;
    throw new ExportProblem('PROOF_WRONG', 'The hashes left of the range are not those of its begin.');
  }
};

const forked = (held: Head): ExportProblem =>
  new ExportProblem(
    'LOG_REWRITTEN',
    `The first ${held.size} leaves are not those of the head that you kept: the log was rewritten.`,
  );

const unsealed = (begin: number, end: number): string =>
  `The leaves ${begin} to ${end - 1}, together, are not what the log has signed: a leaf and its hash were changed, or the hashes around them.`;

const outOfPlace = (found: number, wanted: number, end: number): ExportProblem => {
  if (found < wanted) return outOfOrder(found);
  if (found >= end) return new ExportProblem('LEAF_MISPLACED', `Leaf ${found} is not of this range.`, found);
  return new ExportProblem('LEAF_MISSING', `Leaf ${wanted} is missing: leaf ${found} comes in its place.`, wanted);
};
