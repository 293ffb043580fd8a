/** How records are lines of a file. */
import { encodeCloudEvent, recordInCloudEvent } from './cloud-events';
import { csvHeading, encodeCsv, recordInCsv } from './csv';
import { encodeOcsf, recordInOcsf } from './ocsf';
import { ExportProblem } from './problem';
import type { ExportFormat, ExportRecord, HeaderRecord } from './record';

/** What the lines of a file have in common with its header. */
export type FileFacts = Pick<HeaderRecord, 'origin' | 'createdAt' | 'format'>;

/** The line that comes before the header; null where there is none. */
export const headingOf = (format: ExportFormat): string | null => (format === 'csv' ? csvHeading : null);

/** What ends a line, as each format has it: CSV as RFC 4180, the others as lines of JSON. */
export const lineEndOf = (format: ExportFormat): LineEnd => (format === 'csv' ? '\r\n' : '\n');

export type LineEnd = '\r\n' | '\n';

/** The one way to write a record. */
export const encodeRecord = (record: ExportRecord, { format, origin, createdAt }: FileFacts): string => {
  switch (format) {
    case 'jsonl':
      return JSON.stringify(record);
    case 'csv':
      return encodeCsv(record);
    case 'ocsf':
      return encodeOcsf(record, origin, createdAt);
    default:
      return encodeCloudEvent(record, origin);
  }
};

/** What a line carries, as JSON gave it; nothing of it is checked yet. */
export const recordInLine = (line: string, format: ExportFormat): unknown => {
  try {
    if (format === 'csv') return recordInCsv(line);
    const value = JSON.parse(line) as unknown;
    if (format === 'jsonl') return value;
    const event = typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
    return format === 'ocsf' ? recordInOcsf(event) : recordInCloudEvent(event);
  } catch {
    throw new ExportProblem('This line cannot be read: it was cut, or changed.');
  }
};

/** From the first line. */
export const formatOf = (line: string): ExportFormat => {
  if (line.startsWith('"kind",')) return 'csv';
  if (line.startsWith('{"kind":"header"')) return 'jsonl';
  if (line.startsWith('{"category_uid":6,')) return 'ocsf';
  if (line.startsWith('{"specversion":')) return 'cloudevents';
  throw new ExportProblem('The file does not begin as an export of an audit log does.');
};
