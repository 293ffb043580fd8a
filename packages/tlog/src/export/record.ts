/**
 * What an export is made of, whatever its format: a header, one record for each leaf, an end. Every line of a file carries one
 * record whole, and whoever checks the file writes the record again and compares the two lines byte by byte; so
 * the columns that people and other programs read cannot say anything else than what is proven.
 */
import type { Keeping, LeafVersion, OpenField, Opening, PersonalField } from '../leaf';

export const EXPORT_FORMATS = ['jsonl', 'csv', 'ocsf', 'cloudevents'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

/** Of the format. Files of the first have leaves of the first version, no marks of what is outside of the period, and no run of expiry. */
export const EXPORT_VERSIONS = [1, 2] as const;
export type ExportVersion = (typeof EXPORT_VERSIONS)[number];
export const EXPORT_VERSION = 2;

/** No deployment can set a shorter retention. */
export const SHORTEST_RETENTION_DAYS = 180;
/** Nothing of the log can have expired that was not signed for so long. */
export const HORIZON_MS = SHORTEST_RETENTION_DAYS * 24 * 60 * 60_000;

/** The leaves from `begin` to before `end`: every one of them is in the file. */
export interface RangeScope {
  begin: number;
  end: number;
  /** The hashes of the tree of `begin` leaves, base64. */
  left: string[];
  /** That the tree of the header goes on from the one of `end` leaves. */
  consistency: string[];
  /** The time that was asked for, and the signed heads around it; null when all of the log was. */
  period: Period | null;
}

export interface Period {
  from: string | null;
  to: string | null;
  /** The head of `begin` leaves, signed before `from`; null when it begins with the log. */
  before: string | null;
  /** The head of `end` leaves, signed after `to`; null when it ends with the newest head. */
  after: string | null;
}

/** Some leaves, each proven for itself: nothing says that there are no others. */
export interface SelectionScope {
  field: 'entryId' | 'drillId' | 'incidentId';
  value: string;
}

export interface HeaderRecord {
  kind: 'header';
  muster: 'audit-export';
  version: ExportVersion;
  format: ExportFormat;
  origin: string;
  /** The signed head that everything is proven against. */
  note: string;
  /** The keys of the log, by its own account. */
  keys: string[];
  scope: { range: RangeScope } | { selection: SelectionScope };
  withheld: PersonalField[];
  createdAt: string;
  /** What may have expired, and why; null when nothing may. */
  horizon: Horizon | null;
}

export interface Horizon {
  /** A head that was signed longer before the run than its retention; in the first version, 180 days before the file was made. */
  note: string;
  /** That the head of the file goes on from it. */
  consistency: string[];
  /** The newest run of expiry, as an entry of the log with its proof; not there in the first version. */
  run?: EntryRecord;
}

/** The fields of a leaf that are open to whoever has the file. */
export type OpenLeaf = { v: LeafVersion; keeping?: Keeping | null } & Record<
  Exclude<OpenField, 'keeping'>,
  string | boolean | null
>;

/** On which side of the period that was asked for. */
export type Outside = 'before' | 'after';

export interface EntryRecord {
  kind: 'entry';
  leafIndex: number;
  /** Of the leaf, base64. */
  hash: string;
  leaf: OpenLeaf;
  /** Personal fields with what opens their commitments. */
  shown: Partial<Record<PersonalField, Opening>>;
  /** The commitments of those that are withheld. */
  withheld: Partial<Record<PersonalField, string>>;
  /** That it is in the tree; undefined in a range. */
  proof?: string[];
  /** It is not of the period, and here because a range is proven as a whole: its personal fields are withheld. Undefined when it is. */
  outside?: Outside;
}

/** The entry is no longer stored; its leaf is still in the tree. */
export interface GoneRecord {
  kind: 'gone';
  leafIndex: number;
  hash: string;
}

/** The backend could not give the entry as it was sealed, and says what is wrong with it. */
export interface DamagedRecord {
  kind: 'damaged';
  leafIndex: number | null;
  hash: string | null;
  id: string | null;
  damaged: string[];
}

export interface EndRecord {
  kind: 'end';
  /** Those of the period alone. In the first version, all. */
  entries: number;
  /** Those around the period; undefined in the first version. */
  outside?: number;
  gone: number;
  damaged: number;
  /** SHA-256, in hexadecimal, of every line before this one. */
  digest: string;
}

export type BodyRecord = EntryRecord | GoneRecord | DamagedRecord;
export type ExportRecord = HeaderRecord | BodyRecord | EndRecord;

/** A personal field of one entry, shown later than the export that withheld it. */
export interface Revelation {
  muster: 'audit-opening';
  version: 1;
  origin: string;
  leafIndex: number;
  field: PersonalField;
  salt: string;
  value: unknown;
}

/** Where a time is, seen from a period; undefined when it is within. */
export const outsideOf = (
  period: { from: string | null; to: string | null } | null,
  at: string,
): Outside | undefined => {
  if (!period) return undefined;
  if (period.from !== null && Date.parse(at) < Date.parse(period.from)) return 'before';
  return period.to !== null && Date.parse(at) >= Date.parse(period.to) ? 'after' : undefined;
};
