/**
 * CSV as RFC 4180 has it, every cell in quotes, one record a line. It is written here and not by a library, because whoever
 * checks an export in ten years has to write the same bytes.
 */
import { personalText } from './columns';
import { parseJson } from './json';
import type { EntryRecord, ExportRecord, ExportVersion } from './record';

export const CSV_COLUMNS = [
  'kind',
  'leafIndex',
  'outside',
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
  'callerRequestId',
  'ip',
  'sessionId',
  'metadata',
  'record',
] as const;

/** Columns that files of the first version do not have. */
const SINCE_SECOND: ReadonlySet<string> = new Set(['outside', 'callerRequestId']);
const columnsOf = (version: ExportVersion): readonly (typeof CSV_COLUMNS)[number][] =>
  CSV_COLUMNS.filter((column) => version > 1 || !SINCE_SECOND.has(column));

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

export const csvHeadings = {
  1: columnsOf(1).map(quoted).join(','),
  2: columnsOf(2).map(quoted).join(','),
} satisfies Record<ExportVersion, string>;

export const encodeCsv = (record: ExportRecord, version: ExportVersion): string =>
  [...cellsOf(record, version).map(readable), harmlessJson(record)].map(quoted).join(',');

const cellsOf = (record: ExportRecord, version: ExportVersion): unknown[] => {
  const leafIndex = 'leafIndex' in record ? record.leafIndex : null;
  const columns = columnsOf(version);
  const rest =
    record.kind === 'entry' ? entryCells(record, version) : Array.from({ length: columns.length - 3 }, () => null);
  return [record.kind, leafIndex, ...rest];
};

const entryCells = (record: EntryRecord, version: ExportVersion): unknown[] => {
  const { leaf } = record;
  const isFirst = version === 1;
  return [
    ...(isFirst ? [] : [record.outside === undefined ? null : `Outside of the period, ${record.outside} it`]),
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
    ...(isFirst ? [] : [personalText(record, 'callerRequestId')]),
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
