/** A record of what the backend gave for one leaf. */
import {
  canonicalJson,
  openFieldsOf,
  openingsOf,
  commitmentTo,
  PERSONAL_FIELDS,
  personalFieldsOf,
  type Opening,
  type PersonalField,
  type SealedEntry,
} from '../leaf';
import { outsideOf, type BodyRecord, type EntryRecord, type OpenLeaf } from './record';

/** What the backend has of a leaf. */
export interface EvidenceParts {
  leafIndex: number;
  hash: string;
  entry: SealedEntry | null;
  salt: string | null;
  damaged: readonly string[];
  proof: readonly string[] | null;
}

/** What of an entry is shown. */
export interface Shown {
  withheld: ReadonlySet<PersonalField>;
  period?: { from: string | null; to: string | null } | null;
}

const EVERY_PERSONAL: ReadonlySet<PersonalField> = new Set(PERSONAL_FIELDS);

/** What is outside of the period shows nothing personal, whatever is withheld of the rest: its commitments prove as much. */
export const evidenceRecord = (row: EvidenceParts, { withheld, period = null }: Shown): BodyRecord => {
  const { leafIndex, hash, entry, salt, damaged, proof } = row;
  if (damaged.length > 0)
    return { kind: 'damaged', leafIndex, hash, id: entry ? String(entry.id) : null, damaged: [...damaged] };
  if (!entry || salt === null) return { kind: 'gone', leafIndex, hash };
  const leaf: Record<string, unknown> = { v: entry.v };
  for (const field of openFieldsOf(entry.v)) leaf[field] = entry[field];
  const record: EntryRecord = { kind: 'entry', leafIndex, hash, leaf: leaf as OpenLeaf, shown: {}, withheld: {} };
  const openings = openingsOf(entry, salt);
  const outside = outsideOf(period, String(entry.at));
  const kept = outside === undefined ? withheld : EVERY_PERSONAL;
  for (const field of personalFieldsOf(entry.v)) {
    const opening = openings[field] as Opening;
    if (kept.has(field)) record.withheld[field] = commitmentTo(field, opening);
    // Written as it is hashed, so that the same entry is the same line whoever exports it.
    else record.shown[field] = { salt: opening.salt, value: JSON.parse(canonicalJson(opening.value)) as unknown };
  }
  if (proof) record.proof = [...proof];
  if (outside !== undefined) record.outside = outside;
  return record;
};
