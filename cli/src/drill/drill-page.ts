import type { drills, ResponseOf } from '@muster/contract';
import { duration, fromNow } from '../output/duration';
import { figuresTable } from './figures-table';
import type { Ink } from '../output/ink';
import { dayAndMinute } from '../output/instant';
import { nextStep } from './next-step';
import type { Page } from '../output/page';
import { paragraph } from '../output/paragraph';
import { table } from '../output/table';
import { daysOf, timeline } from './timeline';

type Drill = drills.DrillView;

/** One drill, whole: where it stands, how good it was, what happened, what is left. */
export const drillPage = ({ drill, events, moreEvents }: ResponseOf<'drills-get'>, page: Page): string => {
  const { ink, width } = page;
  const section = (title: string, body: string) => [`${ink.strong(title)}\n${body}`];
  return [
    [heading(drill, ink), table(ink, factRows(drill, page), { indent: '  ' })].join('\n\n'),
    ...(drill.figures
      ? section(`Figures against the targets of ${drill.severity}`, figuresTable(drill.figures, ink))
      : []),
    ...(events.length > 0
      ? section(
          timelineTitle(events),
          timeline(events, drill, page) +
            (moreEvents ? `\n  ${ink.warn('There are more events than are shown here.')}` : ''),
        )
      : []),
    ...(drill.notes === null ? [] : section('Notes', paragraph(drill.notes, width, '  '))),
    ...(drill.unresolvedRisks.length === 0
      ? []
      : section('Unresolved risks', drill.unresolvedRisks.map((risk) => bullet(risk, width)).join('\n'))),
    ...nextStep(drill).map(ink.faint),
  ].join('\n\n');
};

const timelineTitle = (events: ResponseOf<'drills-get'>['events']): string => {
  const days = daysOf(events);
  return `Timeline (UTC${days.length === 1 ? `, ${days[0]}` : ''})`;
};

const heading = (drill: Drill, ink: Ink): string =>
  [
    `${ink.strong(drill.title)}  ${ink.faint('(an exercise, not an incident)')}`,
    `${drill.id}  ${statusWords(drill, ink)}`,
  ].join('\n');

/** `completed, partial`; `scheduled, overdue`. */
export const statusWords = ({ status, outcome, overdue }: Drill, ink: Ink): string => {
  const words = status.replaceAll('_', ' ');
  const shown = { scheduled: words, in_progress: ink.warn(words), completed: words, cancelled: ink.faint(words) }[
    status
  ];
  return [shown, ...(outcome ? [outcomeWord(outcome, ink)] : []), ...(overdue ? [ink.bad('overdue')] : [])].join(', ');
};

const outcomeWord = (outcome: NonNullable<Drill['outcome']>, ink: Ink): string =>
  ({ success: ink.good, partial: ink.warn, failed: ink.bad })[outcome](outcome);

const ROLE_NAMES = {
  incidentCommander: 'Commander',
  securityLead: 'Security lead',
  communicationsLead: 'Communications',
  technicalLead: 'Technical lead',
} as const satisfies Record<keyof Drill['roles'], string>;

const factRows = (drill: Drill, { ink, now }: Page): string[][] => {
  const utc = (iso: string) => `${dayAndMinute(iso)} UTC`;
  const until = drill.endedAt === null ? now : new Date(drill.endedAt);
  const lasted = drill.startedAt === null ? '' : duration(until.getTime() - Date.parse(drill.startedAt));
  const faint = (text: string) => (text === '' ? '' : `  ${ink.faint(text)}`);
  const rows: [string, string | null][] = [
    ['What', `${drill.kind.replaceAll('_', ' ')} of ${drill.scenarioId}, ${drill.severity}, ${drill.environment}`],
    [
      'Due',
      drill.dueAt && utc(drill.dueAt) + faint(drill.status === 'scheduled' ? fromNow(new Date(drill.dueAt), now) : ''),
    ],
    [
      'Started',
      drill.startedAt && utc(drill.startedAt) + faint(drill.status === 'in_progress' ? `running for ${lasted}` : ''),
    ],
    [
      drill.status === 'cancelled' ? 'Cancelled' : 'Ended',
      drill.endedAt && utc(drill.endedAt) + faint(lasted === '' ? '' : `after ${lasted}`),
    ],
    ['Because', drill.cancelReason],
    ...Object.entries(ROLE_NAMES).map(([name, title]): [string, string | null] => [
      title,
      drill.roles[name as keyof typeof ROLE_NAMES] ?? null,
    ]),
    ['Participants', drill.participants.length === 0 ? null : drill.participants.join(', ')],
    ['Attendance', drill.attendance && `${drill.attendance.attended} of ${drill.attendance.invited}`],
    ['Checks', drill.checks && `${drill.checks.passed} of ${drill.checks.total} passed`],
    ['Safety breaches', drill.safetyBreaches === 0 ? null : ink.bad(String(drill.safetyBreaches))],
    ['Entered', `${utc(drill.createdAt)} by ${drill.createdBy}`],
  ];
  return rows.flatMap(([title, value]) => (value === null ? [] : [[ink.faint(title), value]]));
};

const bullet = (text: string, width: number): string => `  • ${paragraph(text, width, '    ').trimStart()}`;
