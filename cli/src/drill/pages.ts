import type { drills, ResponseOf } from '@muster/contract';
import { statusWords } from './drill-page';
import { duration, fromNow } from '../output/duration';
import { figuresTable } from './figures-table';
import { dayAndMinute, timeOfDay } from '../output/instant';
import { nextStep } from './next-step';
import { moreHint } from '../output/more-hint';
import type { Page } from '../output/page';
import { shortened } from '../output/paragraph';
import { table } from '../output/table';

type Drill = drills.DrillView;

/** Many drills, a line each. */
export const drillList = ({ drills, nextCursor }: ResponseOf<'drills-list'>, { ink, width }: Page): string => {
  if (drills.length === 0) return 'No drill matches.';
  const rows = drills.map((drill) => [
    drill.id,
    when(drill),
    drill.severity,
    statusWords(drill, ink),
    timeToResolve(drill),
    shortened(drill.title, Math.max(18, width - 85)),
  ]);
  const drawn = table(ink, rows, { head: ['id', 'when (UTC)', 'sev', 'status', 'TTR', 'title'] });
  return nextCursor === null ? drawn : `${drawn}\n\n${moreHint(nextCursor)}`;
};

const timeToResolve = ({ figures }: Drill): string => {
  const valueMs = figures?.ttr.valueMs ?? null;
  return valueMs === null ? '–' : duration(valueMs);
};

const when = ({ startedAt, dueAt, endedAt, createdAt }: Drill): string =>
  dayAndMinute(startedAt ?? dueAt ?? endedAt ?? createdAt);

/** What was done to a drill, in a sentence, and what may follow. */
export const drillScheduled = ({ drill }: ResponseOf<'drills-schedule'>, { ink, now }: Page): string => {
  const due = drill.dueAt ?? drill.createdAt;
  return [
    `${ink.good('Planned')} ${drill.id}: ${drill.title}, ${drill.severity}, ${drill.environment}.`,
    `Due ${dayAndMinute(due)} UTC (${fromNow(new Date(due), now)}).`,
    ...nextStep(drill).map(ink.faint),
  ].join('\n');
};

export const drillStarted = ({ drill }: ResponseOf<'drills-start'>, { ink }: Page): string =>
  [
    `${ink.good('Started')} ${drill.id}: ${drill.title}, ${drill.severity}, ${drill.environment}.`,
    ...nextStep(drill).map(ink.faint),
  ].join('\n');

export const eventRecorded = ({ drill, event }: ResponseOf<'drills-recordEvent'>, { ink }: Page): string => {
  const correction = event.supersedes === null ? '' : `, in place of ${event.supersedes}`;
  const head = `${ink.good('Recorded')} ${event.type.replaceAll('_', ' ')} at ${timeOfDay(event.at)} UTC as ${event.id}${correction}.`;
  if (drill.figures) return `${head}\n\n${figuresTable(drill.figures, ink)}`;
  return [head, ...nextStep(drill).map(ink.faint)].join('\n');
};

export const drillCompleted = ({ drill }: ResponseOf<'drills-complete'>, { ink }: Page): string =>
  [
    `${ink.good('Completed')} ${drill.id}: ${drill.title}, ${drill.outcome}.`,
    ...(drill.figures ? ['', figuresTable(drill.figures, ink), ''] : []),
    ink.faint(`Next: muster drill show ${drill.id}`),
  ].join('\n');

export const drillCancelled = ({ drill }: ResponseOf<'drills-cancel'>, { ink }: Page): string =>
  `${ink.good('Cancelled')} ${drill.id}: ${drill.title}.`;
