import type { ResponseOf } from '@muster/contract';
import { day } from '../output/instant';
import type { Page } from '../output/page';
import { paragraph } from '../output/paragraph';
import { table } from '../output/table';

type Saved = ResponseOf<'audit-queries-list'>['queries'][number];

/** The filters of a query as they are typed. */
const TYPED: Record<keyof Saved['query'], string> = {
  actionPrefix: '--action-prefix',
  action: '--action',
  text: '--text',
  actorId: '--actor',
  target: '--target',
  outcome: '--outcome',
  severity: '--severity',
  ip: '--ip',
  sessionId: '--session',
  drillId: '--drill',
  incidentId: '--incident',
  correlationId: '--correlation-id',
  callerRequestId: '--caller-request-id',
  from: '--from',
  to: '--to',
};

const asTyped = (query: Saved['query']): string =>
  Object.entries(query)
    .flatMap(([name, value]) =>
      value === undefined ? [] : [`${TYPED[name as keyof Saved['query']]} ${quoted(value)}`],
    )
    .join(' ');

const quoted = (value: string): string => (/^[\w./:@-]+$/u.test(value) ? value : `'${value.replaceAll("'", `'\\''`)}'`);

/** A name to a line, and under it what it asks for. */
export const queriesPage = ({ queries }: ResponseOf<'audit-queries-list'>, { ink, width }: Page): string => {
  if (queries.length === 0) return 'None is kept: muster audit queries save NAME --actor …';
  const rows = queries.map(({ id, name, savedBy, savedAt }) => [ink.strong(name), id, day(savedAt), savedBy]);
  const [titles = '', ...lines] = table(ink, rows, { head: ['name', 'id', 'saved (UTC)', 'by'] }).split('\n');
  const facts = queries.flatMap(({ query }, index) => [
    lines[index] ?? '',
    ...paragraph(asTyped(query), width, '  ').split('\n').map(ink.faint),
  ]);
  return [titles, ...facts].join('\n');
};

export const querySaved = ({ changed, saved }: ResponseOf<'audit-queries-save'>, { ink }: Page): string => {
  const use = ink.faint(`Ask it: muster audit --saved ${quoted(saved.name)}`);
  return changed
    ? `${ink.good('Kept')} ${ink.strong(saved.name)} (${saved.id}): ${asTyped(saved.query)}\n${use}`
    : `Nothing was changed: ${ink.strong(saved.name)} asks that already.\n${use}`;
};

export const queryDeleted = ({ deleted }: ResponseOf<'audit-queries-delete'>, { ink }: Page): string =>
  deleted ? `${ink.good('Deleted')}: it is kept no longer.` : 'Nothing was changed: there is no such query.';

export const entryAppended = ({ entryId, at }: ResponseOf<'audit-append'>, { ink }: Page): string =>
  `${ink.good('Appended')} ${ink.strong(entryId)} at ${at}. ${ink.faint('It is sealed within a minute.')}`;
