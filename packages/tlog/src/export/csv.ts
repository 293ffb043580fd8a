/**
 * CSV as RFC 4180 has it, every cell in quotes, one record a line. It is written here and not by a library, because whoever
 * checks an export in ten years has to write the same bytes.
 */
import { personalText } from './columns';
import { parseJson } from './json';
import type { EntryRecord, ExportRecord } from './record';

export const CSV_COLUMNS = [
  'kind',
  'leafIndex',
  'id',
  'at',
  'actorType',
  'actorId',
  'action',
  'outcome',
  'severity',
  'target',
  'rationale',
  'drillId',
  'incidentId',
  'exercise',
  'correlationId',
  'ip',
  'sessionId',
  'metadata',
  'record',
] as const;

/**
 * A spreadsheet runs a cell that begins with one of these. Some split at semicolons or bars too, whatever is in quotes: what follows
 * one of those is made harmless as well.
 */
const FORMULA = /(^|[;|])(\s*)(?=[=+\-@\uFF0B\uFF0D\uFF1D\uFF20])/gu;
const FORMULA_IN_JSON = /([;|])(\s*)([=+\-@\uFF0B\uFF0D\uFF1D\uFF20])/gu;

/** Most cells: none of what must be written in another way. */
const PLAIN = /^[\w(][\w .:/()-]*$/u;

/** Line breaks are written as two characters: a line of the file is a record. */
const readable = (value: unknown): string => {
  if (typeof value === 'string' && PLAIN.test(value)) return value;
  return (
    (typeof value === 'string' ? value : value === null || value === undefined ? '' : JSON.stringify(value))
      .replaceAll('\\', '\\\\')
      // oxlint-disable-next-line no-control-regex -- control characters are what must not reach a cell
      .replace(/[\u0000-\u001f\u007f\u0085\u2028\u2029]/gu, (character) =>
        character === '\n' ? '\\n' : `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
      )
      .replace(FORMULA, "$1$2'")
  );
};

/** JSON that no spreadsheet takes for a formula: after such a sign stands the escape of the other. */
const harmlessJson = (record: ExportRecord): string =>
  JSON.stringify(record).replace(
    FORMULA_IN_JSON,
    (_, sign: string, space: string, formula: string) =>
      `${sign}${space}\\u${formula.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );

const quoted = (cell: string): string => `"${cell.includes('"') ? cell.replaceAll('"', '""') : cell}"`;

export const csvHeading = CSV_COLUMNS.map(quoted).join(',');

export const encodeCsv = (record: ExportRecord): string =>
  [...cellsOf(record).map(readable), harmlessJson(record)].map(quoted).join(',');

const cellsOf = (record: ExportRecord): unknown[] => {
  const leafIndex = 'leafIndex' in record ? record.leafIndex : null;
  const rest =
    record.kind === 'entry' ? entryCells(record) : Array.from({ length: CSV_COLUMNS.length - 3 }, () => null);
  return [record.kind, leafIndex, ...rest];
};

const entryCells = (record: EntryRecord): unknown[] => {
  const { leaf } = record;
  return [
    leaf.id,
    leaf.at,
    leaf.actorType,
    personalText(record, 'actorId'),
    leaf.action,
    leaf.outcome,
    leaf.severity,
    personalText(record, 'target'),
    personalText(record, 'rationale'),
    leaf.drillId,
    leaf.incidentId,
    leaf.exercise,
    leaf.correlationId,
    personalText(record, 'ip'),
    personalText(record, 'sessionId'),
    personalText(record, 'metadata'),
  ];
};

/** The last cell of a line, as JSON. What it does not understand is found when the line is compared. */
export const recordInCsv = (line: string): unknown => {
  const begin = line.lastIndexOf(',"{""kind"":');
  if (begin < 0 || !line.endsWith('}"')) return undefined;
  return parseJson(line.slice(begin + 2, -1).replaceAll('""', '"'));
};
