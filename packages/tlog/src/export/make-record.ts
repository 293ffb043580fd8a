/** A record of what the backend gave for one leaf. */
import {
  canonicalJson,
  OPEN_FIELDS,
  openingsOf,
  commitmentTo,
  PERSONAL_FIELDS,
  type PersonalField,
  type SealedEntry,
} from '../leaf';
import type { BodyRecord, EntryRecord, OpenLeaf } from './record';

/** What `audit-export` answers for a leaf. */
export interface EvidenceParts {
  leafIndex: number;
  hash: string;
  entry: SealedEntry | null;
  salt: string | null;
  damaged: readonly string[];
  proof: readonly string[] | null;
}

export const evidenceRecord = (row: EvidenceParts, withheld: ReadonlySet<PersonalField>): BodyRecord => {
  const { leafIndex, hash, entry, salt, damaged, proof } = row;
  if (damaged.length > 0)
    return { kind: 'damaged', leafIndex, hash, id: entry ? String(entry.id) : null, damaged: [...damaged] };
  if (!entry || salt === null) return { kind: 'gone', leafIndex, hash };
  const leaf = { v: 1 } as Record<string, unknown>;
  for (const field of OPEN_FIELDS) leaf[field] = entry[field];
  const record: EntryRecord = { kind: 'entry', leafIndex, hash, leaf: leaf as OpenLeaf, shown: {}, withheld: {} };
  const openings = openingsOf(entry, salt);
  for (const field of PERSONAL_FIELDS) {
    const opening = openings[field];
    if (withheld.has(field)) record.withheld[field] = commitmentTo(field, opening);
    // Written as it is hashed, so that the same entry is the same line whoever exports it.
    else record.shown[field] = { salt: opening.salt, value: JSON.parse(canonicalJson(opening.value)) as unknown };
  }
  if (proof) record.proof = [...proof];
  return record;
};
