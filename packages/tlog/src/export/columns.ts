/** What a record says, as the columns that people and other programs read. */
import { PERSONAL_FIELDS, type PersonalField } from '../leaf';
import type { EntryRecord, ExportRecord } from './record';

/** A personal field as shown; undefined when it is withheld. */
export const shownValue = (record: EntryRecord, field: PersonalField): unknown => record.shown[field]?.value;

/** What stands where a field is withheld. */
export const WITHHELD = '(withheld)';

export const personalText = (record: EntryRecord, field: PersonalField): string | null => {
  const opening = record.shown[field];
  // A leaf of the first version has neither.
  if (!opening) return record.withheld[field] === undefined ? null : WITHHELD;
  const { value } = opening;
  if (value === null || typeof value === 'string') return value;
  return JSON.stringify(value);
};

/** In a sentence, for formats that have a message. */
export const messageOf = (record: ExportRecord): string => {
  switch (record.kind) {
    case 'header':
      return `Audit export of ${record.origin}`;
    case 'end':
      return `End of the audit export: ${record.entries} entries, ${record.outside === undefined ? '' : `${record.outside} around the period, `}${record.gone} gone`;
    case 'gone':
      return `Leaf ${record.leafIndex}: the entry is no longer stored`;
    case 'damaged':
      return `Leaf ${record.leafIndex ?? 'without a place'}: damaged (${record.damaged.join(', ')})`;
    case 'entry':
      return `${outsideMark(record)}${String(record.leaf.action)} on ${personalText(record, 'target') ?? ''}: ${String(record.leaf.outcome)}`;
    default:
      return record satisfies never;
  }
};

/** For whoever reads the message alone. */
const outsideMark = ({ outside }: EntryRecord): string =>
  outside === undefined ? '' : `Outside of the period, ${outside} it: `;

export const withheldIn = (record: EntryRecord): PersonalField[] =>
  PERSONAL_FIELDS.filter((field) => record.withheld[field] !== undefined);
