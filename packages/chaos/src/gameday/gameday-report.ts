/** A game day as Markdown, with a chart that GitHub draws. Pure. */
import { difference, FIGURES, type FigureName, type GameDay, type Played, type Rates } from './gameday-figures';

const TITLES: Record<FigureName, string> = {
  failureRate: 'failure rate',
  fallbackActivationRate: 'fallbacks activated',
  availability: 'availability during failures',
  recoveryMs: 'recovery',
  brakeMs: 'brake',
};

/** `last` is the game day that it is compared with. */
export const gameDayMarkdown = (day: GameDay, last: GameDay | undefined): string =>
  `${[
    `# Game day of ${day.at.slice(0, 16).replace('T', ' ')} UTC`,
    verdict(day),
    facts(day, last),
    table(day, last),
    ...reasons(day.experiments),
    ...charts(day, last),
    LEGEND,
  ].join('\n\n')}\n`;

const LEGEND = [
  'The failure rate is of all operations tried while a failure was on; most of them are meant to fail: the brake refused them.',
  'A fallback is due wherever a brake must refuse, or a queue must take what cannot be sent; less than 100 % is a defect.',
  'Availability is that of operations outside of the experiment. Recovery is from the end of the failure until work went on;',
  'the brake is from its call to its acknowledgment. In all, times are those of the slowest. – was not measured.',
].join('\n');

const verdict = ({ passed, experiments }: GameDay): string => {
  const held = experiments.filter(({ status }) => status === 'passed').length;
  return passed
    ? `**Every brake held**: ${held} of ${experiments.length} experiments passed.`
    : `**Not every brake was shown to hold**: ${held} of ${experiments.length} experiments passed.`;
};

const facts = ({ project, environment, drillId, seconds }: GameDay, last: GameDay | undefined): string =>
  [
    `- Project ${project}${environment === null ? '' : ` (${environment})`}, ${seconds.toFixed(0)} s in all`,
    ...(drillId === null ? [] : [`- Recorded as drill ${drillId}`]),
    last === undefined
      ? '- Nothing to compare with yet'
      : `- Compared with ${last.at.slice(0, 16).replace('T', ' ')} UTC`,
  ].join('\n');

const table = (day: GameDay, last: GameDay | undefined): string => {
  const head = ['experiment', 'result', ...FIGURES.map((name) => TITLES[name])];
  const rows = day.experiments.map((one) => {
    const before = last?.experiments.find(({ experiment }) => experiment === one.experiment);
    return [one.experiment, result(one), ...cells(one, before)];
  });
  const total = ['**in all**', day.passed ? '✓' : '✗', ...cells(day.total, last?.total)];
  return [head, ['---', '---', ...FIGURES.map(() => '---:')], ...rows, total].map(line).join('\n');
};

const line = (columns: readonly string[]): string => `| ${columns.join(' | ')} |`;

const result = ({ status, seconds }: Played): string =>
  `${status === 'passed' ? '✓' : '✗'} ${status}${seconds === null ? '' : `, ${seconds.toFixed(1)} s`}`;

const cells = (now: Rates, before: Rates | undefined): string[] =>
  FIGURES.map((name) => {
    const differs = difference(name, now, before);
    return `${shown(name, now[name])}${differs === undefined ? '' : ` ${arrow(name, differs)}`}`;
  });

const isRate = (name: FigureName): boolean => !name.endsWith('Ms');

const shown = (name: FigureName, value: number | null): string => {
  if (value === null) return '–';
  return isRate(name) ? `${round(value * 100)} %` : `${Math.round(value)} ms`;
};

const arrow = (name: FigureName, { by, better }: NonNullable<ReturnType<typeof difference>>): string => {
  const size = isRate(name) ? round(Math.abs(by) * 100) : Math.round(Math.abs(by));
  if (Number(size) === 0) return '(=)';
  const mark = better === null ? '' : better ? ' better' : ' worse';
  return `(${by > 0 ? '↑' : '↓'} ${size}${mark})`;
};

/** One digit after the point, where there is one. */
const round = (value: number): string => String(Math.round(value * 10) / 10);

const reasons = (experiments: readonly Played[]): string[] => {
  const told = experiments.filter(({ status, reason }) => status !== 'passed' && reason !== null);
  return told.length === 0
    ? []
    : [
        [
          '## What did not pass',
          '',
          ...told.map(({ experiment, status, reason }) => `- ${experiment} (${status}): ${reason}`),
        ].join('\n'),
      ];
};

/** Bars are this game day, the line the last one. */
const charts = (day: GameDay, last: GameDay | undefined): string[] => [
  chart('Availability during failures (%)', '%', day, last, ({ availability }) => percent(availability)),
  chart('Recovery (ms)', 'ms', day, last, ({ recoveryMs }) => recoveryMs),
];

const chart = (
  title: string,
  unit: string,
  day: GameDay,
  last: GameDay | undefined,
  valueOf: (rates: Rates) => number | null,
): string => {
  // What was not measured has no bar, and no place beside those that have.
  const shownOnes = day.experiments.filter((one) => valueOf(one) !== null);
  if (shownOnes.length === 0) return `${title}: not measured.`;
  const bars = shownOnes.map((one) => valueOf(one) ?? 0);
  const before = shownOnes.map(({ experiment }) => last?.experiments.find((one) => one.experiment === experiment));
  const compared = before.map((one) => (one ? valueOf(one) : null));
  const isWhole = compared.every((value) => value !== null);
  const top = unit === '%' ? 100 : Math.max(10, ...bars, ...compared.map((value) => value ?? 0));
  return [
    '```mermaid',
    // Lying, so that there is room for the names.
    'xychart-beta horizontal',
    `  title "${title}"`,
    `  x-axis [${shownOnes.map(({ experiment }) => `"${experiment}"`).join(', ')}]`,
    `  y-axis "${unit}" 0 --> ${Math.ceil(top)}`,
    `  bar [${bars.map((value) => round(value)).join(', ')}]`,
    ...(isWhole ? [`  line [${compared.map((value) => round(value ?? 0)).join(', ')}]`] : []),
    '```',
  ].join('\n');
};

const percent = (rate: number | null): number | null => (rate === null ? null : rate * 100);
