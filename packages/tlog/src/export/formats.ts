/** How records are lines of a file. */
import { encodeCloudEvent, recordInCloudEvent } from './cloud-events';
import { csvHeadings, encodeCsv, recordInCsv } from './csv';
import { encodeOcsf, recordInOcsf } from './ocsf';
import { parseJson } from './json';
import { ExportProblem } from './problem';
import { EXPORT_FORMATS, type ExportFormat, type ExportRecord, type ExportVersion, type HeaderRecord } from './record';

/** What the lines of a file have in common with its header. */
export type FileFacts = Pick<HeaderRecord, 'origin' | 'createdAt' | 'format' | 'version'>;

/** All that a format is. One that is added to the list does not compile until it can be written, read and recognized. */
interface Format {
  /** What a file of it begins with, and a file of no other. */
  beginning: string;
  /** The line that comes before the header, in each version; null where there is none. */
  heading: Readonly<Record<ExportVersion, string>> | null;
  encode(record: ExportRecord, facts: FileFacts): string;
  /** The record that a line carries, as JSON gave it; nothing of it is checked yet. */
  recordIn(line: string): unknown;
}

const fieldsIn = (line: string): Readonly<Record<string, unknown>> => {
  const value = parseJson(line);
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
};

const FORMATS: Readonly<Record<ExportFormat, Format>> = {
  jsonl: {
    beginning: '{"kind":"header"',
    heading: null,
    encode: (record) => JSON.stringify(record),
    recordIn: parseJson,
  },
  csv: {
    beginning: '"kind",',
    heading: csvHeadings,
    encode: (record, { version }) => encodeCsv(record, version),
    recordIn: recordInCsv,
  },
  ocsf: {
    beginning: '{"category_uid":6,',
    heading: null,
    encode: (record, { origin, createdAt }) => encodeOcsf(record, origin, createdAt),
    recordIn: (line) => recordInOcsf(fieldsIn(line)),
  },
  cloudevents: {
    beginning: '{"specversion":',
    heading: null,
    encode: (record, { origin }) => encodeCloudEvent(record, origin),
    recordIn: (line) => recordInCloudEvent(fieldsIn(line)),
  },
};

/** The line that comes before the header; null where there is none. */
export const headingOf = ({ format, version }: Pick<FileFacts, 'format' | 'version'>): string | null =>
  FORMATS[format].heading?.[version] ?? null;

/** Whether a line is the one before the header, of whatever version. */
export const isHeading = (line: string, format: ExportFormat): boolean =>
  Object.values(FORMATS[format].heading ?? {}).includes(line);

/** What ends a line, as each format has it: CSV as RFC 4180, the others as lines of JSON. */
export const lineEndOf = (format: ExportFormat): LineEnd => (format === 'csv' ? '\r\n' : '\n');

export type LineEnd = '\r\n' | '\n';

/** The one way to write a record. */
export const encodeRecord = (record: ExportRecord, facts: FileFacts): string =>
  FORMATS[facts.format].encode(record, facts);

/** What a line carries, as JSON gave it; nothing of it is checked yet. */
export const recordInLine = (line: string, format: ExportFormat): unknown => {
  try {
    return FORMATS[format].recordIn(line);
  } catch (error) {
    if (error instanceof ExportProblem) throw error;
    throw new ExportProblem('LINE_DAMAGED', 'This line cannot be read: it was cut, or changed.');
  }
};

/** From the first line. */
export const formatOf = (line: string): ExportFormat => {
  const found = EXPORT_FORMATS.find((format) => line.startsWith(FORMATS[format].beginning));
  if (found) return found;
  throw new ExportProblem('NOT_AN_EXPORT', 'The file does not begin as an export of an audit log does.');
};
