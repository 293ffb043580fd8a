/** What is to be exported, and where each page of it comes from. */
import type { ResponseOf } from '@muster/contract';
import {
  EXPORT_FORMATS,
  EXPORT_VERSION,
  parseBodyRecord,
  type ExportFormat,
  type HeaderRecord,
  type Horizon,
} from '@muster/tlog/export';
import { PERSONAL_FIELDS, type PersonalField } from '@muster/tlog/leaf';
import type { CommandContext } from '../../command-context';
import { badUsage } from '@muster/client/failure';

/** As it was asked for: a part of an export belongs to the same request, or is none of it. */
export interface ExportRequest {
  log: string;
  format: ExportFormat;
  withheld: PersonalField[];
  from: string | null;
  to: string | null;
  selection: { field: 'entryId' | 'drillId' | 'incidentId'; value: string } | null;
}

export interface ExportOptions {
  out: string;
  format?: string;
  withhold?: string;
  from?: string;
  to?: string;
  drill?: string;
  incident?: string;
  seal?: boolean;
  resume?: boolean;
}

export const requestFrom = (context: CommandContext, options: ExportOptions): ExportRequest => {
  const { from, to, drill, incident } = options;
  if ([drill, incident, from ?? to].filter((one) => one !== undefined).length > 1)
    throw badUsage(
      'A time, a drill and an incident are three exports.',
      'Give one of --from/--to, --drill, --incident.',
    );
  return {
    log: context.destination().functionsUrl,
    format: formatFrom(options.format),
    withheld: withheldFrom(options.withhold),
    from: from === undefined ? null : instantFrom(from, '--from'),
    to: to === undefined ? null : instantFrom(to, '--to'),
    selection: selectionFrom(drill, incident),
  };
};

const selectionFrom = (drill: string | undefined, incident: string | undefined): ExportRequest['selection'] => {
  if (drill !== undefined) return { field: 'drillId', value: drill };
  return incident === undefined ? null : { field: 'incidentId', value: incident };
};

const formatFrom = (text = 'jsonl'): ExportFormat => {
  const format = EXPORT_FORMATS.find((one) => one === text);
  if (format) return format;
  throw badUsage(`There is no format "${text}".`, `Give --format one of ${EXPORT_FORMATS.join(', ')}.`);
};

/** `personal` is all that may be about a person. */
export const withheldFrom = (text: string | undefined): PersonalField[] => {
  if (text === undefined) return [];
  const named = text === 'personal' ? [...PERSONAL_FIELDS] : text.split(',').map((name) => name.trim());
  const fields = PERSONAL_FIELDS.filter((field) => named.includes(field));
  if (named.every((name) => fields.some((field) => field === name))) return fields;
  throw badUsage(
    'Not every field can be withheld.',
    `Give --withhold personal, or some of ${PERSONAL_FIELDS.join(',')}.`,
  );
};

const instantFrom = (text: string, option: string): string => {
  const time = new Date(text);
  if (!Number.isNaN(time.getTime()) && /T.*(?:Z|[+-]\d\d:\d\d)$/u.test(text)) return time.toISOString();
  throw badUsage(`${option} is no time.`, 'Write ISO 8601 with a zone: 2026-03-31T09:00:00Z.');
};

/** The header of the file: from here on, the head that everything is proven against is fixed. */
export const headerFor = (request: ExportRequest, range: ResponseOf<'audit-range'>): HeaderRecord => ({
  kind: 'header',
  muster: 'audit-export',
  version: EXPORT_VERSION,
  format: request.format,
  origin: range.head.origin,
  note: range.head.note,
  keys: range.keys,
  scope: request.selection ? { selection: request.selection } : { range: rangeFor(request, range) },
  withheld: request.withheld,
  createdAt: range.now,
  horizon: range.horizon && horizonFor(range.horizon),
});

const horizonFor = ({ head, consistency, run }: NonNullable<ResponseOf<'audit-range'>['horizon']>): Horizon => {
  const record = parseBodyRecord(run);
  if (record.kind !== 'entry') throw new Error('the backend answers no run of expiry');
  return { note: head.note, consistency, run: record };
};

const rangeFor = ({ from, to }: ExportRequest, range: ResponseOf<'audit-range'>) => ({
  begin: range.begin,
  end: range.end,
  left: range.left,
  consistency: range.consistency,
  period:
    from === null && to === null
      ? null
      : { from, to, before: range.before?.note ?? null, after: range.after?.note ?? null },
});

/** Where an export goes on. */
export interface Place {
  next: number;
  cursor: string | null;
  done: boolean;
}

export const firstPlace = ({ scope }: HeaderRecord): Place => ({
  next: 'range' in scope ? scope.range.begin : 0,
  cursor: null,
  done: 'range' in scope && scope.range.begin === scope.range.end,
});

/** As many as the backend gives at once. */
const PAGE = 200;

export const pageAt = async (
  context: CommandContext,
  { scope, withheld }: HeaderRecord,
  size: number,
  place: Place,
): Promise<{ page: ResponseOf<'audit-export'>; place: Place }> => {
  if ('range' in scope) {
    const next = Math.min(place.next + PAGE, scope.range.end);
    const { from = null, to = null } = scope.range.period ?? {};
    const page = await context.fetch('audit-export', {
      ...{ size, begin: place.next, end: next, withhold: withheld },
      ...{ from: from ?? undefined, to: to ?? undefined },
    });
    return { page, place: { next, cursor: null, done: next === scope.range.end } };
  }
  const { field, value } = scope.selection;
  const asked = { size, [field]: value, withhold: withheld, ...(field === 'entryId' ? {} : { limit: PAGE }) };
  const page = await context.fetch('audit-export', { ...asked, cursor: place.cursor ?? undefined });
  const done = page.nextCursor === null;
  return { page, place: { next: place.next + page.rows.length, cursor: page.nextCursor, done } };
};
