import type { Declaration, Experiment, GameDay, Outcome } from '@muster/chaos';
import type { chaos, ResponseOf } from '@muster/contract';
import { moreHint } from '../output/more-hint';
import { fromNow } from '../output/duration';
import { dayAndMinute } from '../output/instant';
import type { Ink } from '../output/ink';
import type { Page } from '../output/page';
import { paragraph } from '../output/paragraph';
import { table } from '../output/table';

type View = chaos.ExperimentView;

export const experimentList = (experiments: readonly Experiment[], { ink }: Page): string =>
  [
    table(
      ink,
      experiments.map(({ name, declaration }) => [ink.strong(name), declaration.title]),
    ),
    '',
    'What one does: muster chaos show NAME. On staging: CHAOS_MODE=true muster chaos run NAME',
  ].join('\n');

export const declarationPage = (declaration: Declaration, { ink, width }: Page): string => {
  const { title, description, method, rollbacks, extensions } = declaration;
  const hypothesis = declaration['steady-state-hypothesis'];
  const [{ 'stop-conditions': stops, 'time-limit-seconds': limit }] = extensions;
  const list = (names: readonly { name: string }[]) => names.map(({ name }) => `  - ${name}`);
  return [
    ink.strong(title),
    paragraph(description, width, ''),
    '',
    `Steady state: ${hypothesis.title}`,
    ...list(hypothesis.probes),
    'Method',
    ...list(method),
    'Rollbacks (and whatever is left, by the backend)',
    ...list(rollbacks),
    'It stops by itself',
    ...stops.map(({ name }) => `  - unless ${name}`),
    `  - after ${limit} s`,
  ].join('\n');
};

export const statusPage = (
  { environment, allowed, why, stopped, armed }: ResponseOf<'chaos-status'>,
  page: Page,
): string => {
  const { ink, now } = page;
  return [
    `Environment: ${ink.strong(environment)}. ${allowed ? ink.good('Experiments may be run.') : ink.warn(stopped ? 'No experiment may be run.' : `No experiment may be run: ${why ?? 'forbidden'}`)}`,
    ...(stopped ? [`Stopped by ${stopped.by} ${fromNow(new Date(stopped.at), now)}: ${stopped.reason}`] : []),
    armed.length === 0 ? 'No experiment is armed.' : `Armed:\n${rows(armed, page)}`,
  ].join('\n');
};

export const runsPage = ({ experiments, nextCursor }: ResponseOf<'chaos-list'>, page: Page): string =>
  experiments.length === 0
    ? 'No experiment was run.'
    : [rows(experiments, page), ...(nextCursor === null ? [] : ['', moreHint(nextCursor)])].join('\n');

const rows = (experiments: readonly View[], { ink, width }: Page): string => {
  const head = ['id', 'experiment', 'status', 'armed (UTC)', 'by'];
  const cells = experiments.map(({ id, experiment, status, armedAt, by }) => [
    ...[id, experiment, statusWord(status, ink), dayAndMinute(armedAt), by],
  ]);
  const [titles = '', ...lines] = table(ink, cells, { head }).split('\n');
  const whole = experiments.flatMap(({ reason }, index) => [
    lines[index] ?? '',
    ...(reason === null ? [] : [ink.faint(paragraph(reason, width, '  '))]),
  ]);
  return [titles, ...whole].join('\n');
};

const statusWord = (status: View['status'], { good, bad, warn }: Ink): string =>
  ({ armed: warn, completed: good, deviated: bad, aborted: warn, lost: bad })[status](status);

export const stoppedPage = ({ changed, stopped, rolledBack }: ResponseOf<'chaos-stop'>, { ink }: Page): string =>
  [
    changed
      ? `${ink.good('Stopped.')} Nothing is written by an experiment from now on, and none can be armed.`
      : `Nothing was changed: ${stopped.by} had stopped it already (${stopped.reason}).`,
    ...(rolledBack.length === 0 ? [] : [`Rolled back: ${rolledBack.join(', ')}.`]),
    'What could not be undone at once, the schedule undoes within a minute or two: muster chaos status.',
    ink.faint('Tabletops go on. End it: muster chaos lift REASON'),
  ].join('\n');

export const liftedPage = ({ changed }: ResponseOf<'chaos-lift'>, { ink }: Page): string =>
  changed ? `${ink.good('Lifted.')} Experiments may be run again.` : 'Nothing was changed: chaos was not stopped.';

/** How a run ended. What was measured stands in its figures. */
export const outcomePage = (
  { journal, experiment, undone, notFinished, passed }: Outcome,
  file: string,
  { ink }: Page,
): string => {
  const { figures, reason } = journal.muster;
  const word = passed ? ink.good('Passed') : ink.bad(journal.deviated ? 'Deviated' : journal.status);
  return [
    `${word}: ${experiment.experiment} ${experiment.id}${reason ? `: ${reason}` : ''}`,
    table(
      ink,
      [
        ['brake', milliseconds(figures.brakeMs)],
        ['recovery', milliseconds(figures.recoveryMs)],
        ['fallbacks', `${figures.fallbacks.activated} of ${figures.fallbacks.due} acted`],
        ['bystanders', `${figures.bystanders.failed} of ${figures.bystanders.tried} failed`],
        ['operations', `${figures.operations.failed} of ${figures.operations.tried} failed, by design or not`],
      ],
      { indent: '  ' },
    ),
    ...(undone.length === 0 ? [] : [`Undone by the backend: ${undone.join(', ')}.`]),
    ...(notFinished === null
      ? []
      : [ink.warn('The backend was not told of the end; its schedule undoes what is left within two minutes.')]),
    `Journal: ${file}`,
  ].join('\n');
};

const milliseconds = (ms: number | null): string => (ms === null ? '–' : `${ms} ms`);

export const gameDayPage = (
  { passed, experiments, seconds }: GameDay,
  files: readonly string[],
  { ink }: Page,
): string =>
  [
    passed
      ? `${ink.good('Every brake held')}: ${experiments.length} experiments in ${Math.round(seconds)} s.`
      : ink.bad(
          `Not every brake was shown to hold: ${experiments.filter((one) => one.status !== 'passed').length} of ${experiments.length} did not pass.`,
        ),
    table(
      ink,
      experiments.map(({ experiment, status, reason }) => [
        ...[experiment, status === 'passed' ? ink.good(status) : ink.bad(status), reason ?? ''],
      ]),
      { indent: '  ' },
    ),
    ...files.map((file) => `Report: ${file}`),
  ].join('\n');
