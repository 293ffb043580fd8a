/**
 * What an export is made of, whatever its format: a header, one record for each leaf, an end. Every line of a file carries one
 * record whole, and whoever checks the file writes the record again and compares the two lines byte by byte; so
 * the columns that people and other programs read cannot say anything else than what is proven.
 */
import type { OpenField, Opening, PersonalField } from '../leaf';

export const EXPORT_FORMATS = ['jsonl', 'csv', 'ocsf', 'cloudevents'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

export const EXPORT_VERSION = 1;

/** Nothing of the log can have expired that was not signed for so long. No deployment can set a shorter retention. */
export const HORIZON_MS = 180 * 24 * 60 * 60_000;

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
  version: typeof EXPORT_VERSION;
  format: ExportFormat;
  origin: string;
  /** The signed head that everything is proven against. */
  note: string;
  /** The keys of the log, by its own account. */
  keys: string[];
  scope: { range: RangeScope } | { selection: SelectionScope };
  withheld: PersonalField[];
  createdAt: string;
  /** The newest head that was signed 180 days before; what it covers may have expired. */
  horizon: { note: string; consistency: string[] } | null;
}

/** The fields of a leaf that are open to whoever has the file. */
export type OpenLeaf = { v: 1 } & Record<OpenField, string | boolean | null>;

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
  entries: number;
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
