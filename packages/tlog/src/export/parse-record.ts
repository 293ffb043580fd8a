/**
 * Takes a record out of what JSON gave, field by field in the one order they are written in. What is not a field is left
 * out here and found when the line is compared.
 */
import {
  LEAF_VERSIONS,
  openFieldsOf,
  PERSONAL_FIELDS,
  personalFieldsOf,
  type Keeping,
  type OpenField,
  type Opening,
  type PersonalField,
} from '../leaf';
import { parseJson } from './json';
import { ExportProblem } from './problem';
import {
  EXPORT_FORMATS,
  EXPORT_VERSIONS,
  type BodyRecord,
  type DamagedRecord,
  type EndRecord,
  type EntryRecord,
  type ExportRecord,
  type GoneRecord,
  type ExportVersion,
  type HeaderRecord,
  type Horizon,
  type OpenLeaf,
  type Period,
  type Revelation,
} from './record';

type Fields = Readonly<Record<string, unknown>>;

export const parseRecord = (value: unknown): ExportRecord => {
  const fields = asFields(value, 'a record');
  const kind = KINDS.find((one) => one === fields['kind']);
  if (kind === undefined) throw new ExportProblem('LINE_DAMAGED', 'This line is no record of an export.');
  return PARSERS[kind](fields);
};

/** One that stands between header and end; what the backend answers is checked as what a file has. */
export const parseBodyRecord = (value: unknown): BodyRecord => {
  const record = parseRecord(value);
  if (record.kind !== 'header' && record.kind !== 'end') return record;
  throw new ExportProblem('LINE_DAMAGED', 'This is no record of a leaf.');
};

const parseHeader = (fields: Fields): HeaderRecord => {
  if (fields['muster'] !== 'audit-export')
    throw new ExportProblem('NOT_AN_EXPORT', 'This is not an export of an audit log.');
  const version = EXPORT_VERSIONS.find((known) => known === fields['version']);
  if (version === undefined)
    throw new ExportProblem(
      'VERSION_UNKNOWN',
      `The file has version ${shown(fields['version'])} of the export format; this program knows ${EXPORT_VERSIONS.join(' and ')}.`,
    );
  const horizon = fields['horizon'] === null ? null : asFields(fields['horizon'], 'horizon');
  return {
    kind: 'header',
    muster: 'audit-export',
    version,
    format: oneOf(EXPORT_FORMATS, fields['format'], 'format'),
    origin: text(fields, 'origin'),
    note: text(fields, 'note'),
    keys: texts(fields, 'keys'),
    scope: parseScope(asFields(fields['scope'], 'scope')),
    withheld: texts(fields, 'withheld').map((name) => oneOf(PERSONAL_FIELDS, name, 'withheld')),
    createdAt: instant(text(fields, 'createdAt'), 'createdAt'),
    horizon: horizon && parseHorizon(horizon, version),
  };
};

const parseHorizon = (horizon: Fields, version: ExportVersion): Horizon => ({
  note: text(horizon, 'note'),
  consistency: texts(horizon, 'consistency'),
  ...(version === 1 ? {} : { run: parseEntry(asFields(horizon['run'], 'run of expiry')) }),
});

const parseScope = (scope: Fields): HeaderRecord['scope'] => {
  if (scope['selection'] !== undefined) {
    const selection = asFields(scope['selection'], 'selection');
    return {
      selection: {
        field: oneOf(['entryId', 'drillId', 'incidentId'] as const, selection['field'], 'field'),
        value: text(selection, 'value'),
      },
    };
  }
  const range = asFields(scope['range'], 'range');
  return {
    range: {
      begin: whole(range, 'begin'),
      end: whole(range, 'end'),
      left: texts(range, 'left'),
      consistency: texts(range, 'consistency'),
      period: range['period'] === null ? null : parsePeriod(asFields(range['period'], 'period')),
    },
  };
};

const parsePeriod = (period: Fields): Period => ({
  from: period['from'] === null ? null : instant(text(period, 'from'), 'from'),
  to: period['to'] === null ? null : instant(text(period, 'to'), 'to'),
  before: textOrNull(period, 'before'),
  after: textOrNull(period, 'after'),
});

const parseEnd = (fields: Fields): EndRecord => ({
  kind: 'end',
  entries: whole(fields, 'entries'),
  ...(fields['outside'] === undefined ? {} : { outside: whole(fields, 'outside') }),
  gone: whole(fields, 'gone'),
  damaged: whole(fields, 'damaged'),
  digest: text(fields, 'digest'),
});

const parseEntry = (fields: Fields): EntryRecord => {
  const given = asFields(fields['leaf'], 'leaf');
  const version = LEAF_VERSIONS.find((known) => known === given['v']);
  if (version === undefined)
    throw new ExportProblem('VERSION_UNKNOWN', `The leaf has version ${shown(given['v'])}, which is not known here.`);
  const leaf: Record<string, unknown> = { v: version };
  for (const field of openFieldsOf(version)) leaf[field] = openValue(field, given[field]);
  const openings = asFields(fields['shown'], 'shown');
  const commitments = asFields(fields['withheld'], 'withheld');
  const entry: EntryRecord = {
    kind: 'entry',
    leafIndex: whole(fields, 'leafIndex'),
    hash: text(fields, 'hash'),
    leaf: leaf as OpenLeaf,
    shown: {},
    withheld: {},
  };
  for (const field of personalFieldsOf(version)) {
    if (openings[field] !== undefined) entry.shown[field] = parseOpening(openings[field], field);
    if (commitments[field] !== undefined) entry.withheld[field] = text(commitments, field);
  }
  if (fields['proof'] !== undefined) entry.proof = texts(fields, 'proof');
  if (fields['outside'] !== undefined)
    entry.outside = oneOf(['before', 'after'] as const, fields['outside'], 'outside');
  return entry;
};

const parseGone = (fields: Fields): GoneRecord => ({
  kind: 'gone',
  leafIndex: whole(fields, 'leafIndex'),
  hash: text(fields, 'hash'),
});

const parseDamaged = (fields: Fields): DamagedRecord => ({
  kind: 'damaged',
  leafIndex: fields['leafIndex'] === null ? null : whole(fields, 'leafIndex'),
  hash: textOrNull(fields, 'hash'),
  id: textOrNull(fields, 'id'),
  damaged: texts(fields, 'damaged'),
});

/** A kind of record that is added does not compile until it can be read. */
const PARSERS: { readonly [Kind in ExportRecord['kind']]: (fields: Fields) => ExportRecord & { kind: Kind } } = {
  header: parseHeader,
  entry: parseEntry,
  gone: parseGone,
  damaged: parseDamaged,
  end: parseEnd,
};
const KINDS = Object.keys(PARSERS) as ExportRecord['kind'][];

const parseOpening = (value: unknown, field: PersonalField): Opening => {
  const opening = asFields(value, field);
  if (opening['value'] === undefined)
    throw new ExportProblem('LINE_DAMAGED', `The field ${field} is shown without its value.`);
  return { salt: text(opening, 'salt'), value: opening['value'] };
};

/** What `muster audit reveal` writes. Throws SyntaxError for what is no JSON. */
export const parseRevelation = (json: string): Revelation => {
  const fields = asFields(parseJson(json), 'what is revealed');
  if (fields['muster'] !== 'audit-opening' || fields['version'] !== 1)
    throw new ExportProblem('REVELATION_WRONG', 'This file reveals no field of an export.');
  const field = oneOf(PERSONAL_FIELDS, fields['field'], 'field');
  const { salt, value: revealed } = parseOpening(fields, field);
  return {
    muster: 'audit-opening',
    version: 1,
    origin: text(fields, 'origin'),
    leafIndex: whole(fields, 'leafIndex'),
    field,
    salt,
    value: revealed,
  };
};

const NULLABLE: ReadonlySet<OpenField> = new Set(['severity', 'drillId', 'incidentId']);

const openValue = (field: OpenField, value: unknown): string | boolean | Keeping | null => {
  if (field === 'keeping') return value === null ? null : parseKeeping(asFields(value, 'keeping'));
  if (
    field === 'exercise'
      ? typeof value === 'boolean'
      : typeof value === 'string' || (value === null && NULLABLE.has(field))
  )
    return value as string | boolean | null;
  throw new ExportProblem('LINE_DAMAGED', `The field ${field} of the entry is missing, or is not what it should be.`);
};

const parseKeeping = (keeping: Fields): Keeping => ({
  retentionDays: whole(keeping, 'retentionDays'),
  holds: whole(keeping, 'holds'),
  announcedBelow: keeping['announcedBelow'] === null ? null : whole(keeping, 'announcedBelow'),
  endedBelow: whole(keeping, 'endedBelow'),
});

const asFields = (value: unknown, what: string): Fields => {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Fields;
  throw new ExportProblem('LINE_DAMAGED', `There is no ${what} where one should be.`);
};

const text = (fields: Fields, name: string): string => {
  const value = fields[name];
  if (typeof value === 'string') return value;
  throw new ExportProblem('LINE_DAMAGED', `The field ${name} is missing, or is no text.`);
};

const textOrNull = (fields: Fields, name: string): string | null => (fields[name] === null ? null : text(fields, name));

const whole = (fields: Fields, name: string): number => {
  const value = fields[name];
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value;
  throw new ExportProblem('LINE_DAMAGED', `The field ${name} is missing, or is no whole number.`);
};

const MOST_TEXTS = 200;

const texts = (fields: Fields, name: string): string[] => {
  const value = fields[name];
  if (Array.isArray(value) && value.length <= MOST_TEXTS && value.every((one) => typeof one === 'string')) return value;
  throw new ExportProblem('LINE_DAMAGED', `The field ${name} is missing, or is no list of texts.`);
};

const oneOf = <Value extends string>(values: readonly Value[], value: unknown, name: string): Value => {
  const found = values.find((one) => one === value);
  if (found !== undefined) return found;
  throw new ExportProblem('LINE_DAMAGED', `The field ${name} says ${shown(value)}, which is not known here.`);
};

/** Times are written in one way alone: ISO 8601 in UTC with milliseconds. */
export const instant = (value: string, name: string): string => {
  const time = new Date(value);
  if (!Number.isNaN(time.getTime()) && time.toISOString() === value) return value;
  throw new ExportProblem('LINE_DAMAGED', `The time in ${name} is not written as it should be: ${shown(value)}.`);
};

const shown = (value: unknown): string => JSON.stringify(value)?.slice(0, 60) ?? 'nothing';
