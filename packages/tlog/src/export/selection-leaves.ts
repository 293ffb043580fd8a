/** Leaves that were chosen: each has its own proof, and nothing says that there are no others. */
import { verifiesInclusion } from '../merkle';
import { hashesIn } from './head';
import { outOfOrder, type BodyFacts, type Leaves } from './leaves';
import { ExportProblem } from './problem';
import type { SelectionScope } from './record';

export const selectionOf = (selection: SelectionScope, { head }: BodyFacts): Leaves => {
  let last = -1;
  let found = 0;
  return {
    add(record, hash) {
      const { leafIndex } = record;
      if (leafIndex <= last) throw outOfOrder(leafIndex);
      last = leafIndex;
      found += 1;
      if (record.kind !== 'entry')
        throw new ExportProblem('LEAF_MISSING', `Leaf ${leafIndex} is gone, and was chosen all the same.`, leafIndex);
      const proof = hashesIn(record.proof ?? [], 'a proof');
      if (leafIndex >= head.size || !verifiesInclusion(leafIndex, head.size, hash, proof, head.root))
        throw new ExportProblem(
          'PROOF_WRONG',
          `The proof of leaf ${leafIndex} does not hold: the log has not signed this entry at this place.`,
          leafIndex,
        );
      if (record.leaf[fieldOf(selection)] !== selection.value)
        throw new ExportProblem(
          'LEAF_MISPLACED',
          `The entry of leaf ${leafIndex} is not of ${selection.value}.`,
          leafIndex,
        );
    },
    finish() {
      if (selection.field === 'entryId' && found !== 1)
        throw new ExportProblem('LEAF_MISSING', `The entry ${selection.value} is not in the file.`);
    },
  };
};

const fieldOf = ({ field }: SelectionScope): 'id' | 'drillId' | 'incidentId' => (field === 'entryId' ? 'id' : field);
