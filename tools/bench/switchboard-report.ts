/** Prints what the switchboard costs and what it lets through, beside Unleash where that installs. */
import type { Slip } from './gates/slip-through';
import { killsBesideFlood } from './flood';
import { median, type Comparison } from './measure';
import { guardedWrite, killsUnderLoad, slips, type Figure } from './switchboard';
import { unleashFigures } from './unleash/figures';

/** From the acknowledged kill to the denial in another process that only uses its memory. */
const CACHED_GOAL_MS = 1_000;
/** A kill under load is acknowledged within this at p99. */
const KILL_GOAL_MS = 1_000;

/** Of times in ascending order. */
const p99Of = (took: readonly number[]): number => took.at(Math.ceil(took.length * 0.99) - 1) ?? Number.NaN;

/** Whether a goal was missed. */
export const showSwitchboard = async (show: (rows: Comparison[]) => void): Promise<boolean> => {
  const { comparisons, figures } = await guardedWrite();
  show(comparisons);

  const flood = await killsBesideFlood();
  const [alone, flooded] = [p99Of(flood.alone), p99Of(flood.flooded)];
  figures.push(
    { name: 'kill acknowledged, alone, p99 of 100', value: `${alone.toFixed(1)} ms`, met: undefined },
    {
      name: `  beside an account without a role that asks for delegations, 60 at a time (${flood.granted} granted, ${flood.refused} refused)`,
      value: `${flooded.toFixed(1)} ms`,
      met: flooded < KILL_GOAL_MS,
    },
  );

  const load = await killsUnderLoad();
  const p99 = p99Of(load.took);
  figures.push(
    {
      name: `kill acknowledged, 64 writers, 4 hanging for ${load.seconds.toFixed(0)} s, a process killed: median of ${load.took.length}`,
      value: `${median(load.took).toFixed(1)} ms`,
      met: undefined,
    },
    { name: '  the same at p99', value: `${p99.toFixed(1)} ms`, met: p99 < KILL_GOAL_MS },
    {
      name: '  writes that were forbidden and committed: guarded; those that check and then write',
      value: load.violations.join('; '),
      met: load.violations[0] === 0 && load.violations[1] > 0,
    },
  );

  const rows: SlipRow[] = [];
  for (const { name, slips: own } of await slips()) rows.push(rowOf(`Muster: ${name}`, own));
  const cached = rows.find(({ name }) => name.includes('guard.cached'));
  if (cached) {
    figures.push({
      name: 'acknowledged kill to the last write of a process that only asks guard.cached, worst of 5',
      value: `${cached.lastMs.max.toFixed(0)} ms`,
      met: cached.lastMs.max < CACHED_GOAL_MS,
    });
  }
  for (const row of rows.filter(({ name }) => !name.includes('guard.cached'))) {
    figures.push({
      name: `writes after the acknowledged kill, ${row.name}`,
      value: String(row.count.max),
      met: row.count.max === 0,
    });
  }
  const unleash = await unleashFigures();
  if (unleash.ok) {
    for (const one of unleash.polling) {
      rows.push({
        name: `Unleash ${unleash.version}, polled every ${one.intervalMs / 1000} s${one.isDefault ? ' (default)' : ''}`,
        lastMs: one.lastAllowedMs,
        count: one.slippedThrough,
        rate: one.writesPerSecond,
        evaluation: one.evaluationMicroseconds,
        toggles: one.toggles,
      });
    }
  }
  console.log('');
  for (const figure of figures) console.log(asFigure(figure));
  console.log(`\nAfter an acknowledged kill, another process that writes at a fixed pace${''.padEnd(3)}`);
  console.log(
    `${''.padEnd(44)} ${'last write ms'.padStart(15)} ${'slipped writes'.padStart(15)} ${'µs/question'.padStart(12)}  writes/s  kills`,
  );
  for (const row of rows) console.log(asRow(row));
  if (!unleash.ok) console.log(`Unleash: not compared, ${unleash.why}`);
  return figures.some(({ met }) => met === false);
};

interface SlipRow {
  name: string;
  lastMs: { median: number; max: number };
  count: { median: number; max: number };
  rate: number;
  /** Microseconds; undefined where nobody is asked before the write. */
  evaluation: number | undefined;
  toggles: number;
}

const rowOf = (name: string, own: readonly Slip[]): SlipRow => {
  const of = (figure: keyof Slip) => {
    const values = own.map((slip) => slip[figure]);
    return { median: median(values), max: Math.max(...values) };
  };
  return {
    name,
    lastMs: of('lastMs'),
    count: of('count'),
    rate: of('rate').median,
    evaluation: name.includes('guard.cached') ? of('evaluationMicroseconds').median : undefined,
    toggles: own.length,
  };
};

export const asFigure = ({ name, value, met }: Figure): string =>
  `${name.padEnd(96)} ${value.padStart(12)}  ${met === undefined ? '' : met ? 'goal met' : 'goal MISSED'}`;

const asRow = ({ name, lastMs, count, rate, evaluation, toggles }: SlipRow): string =>
  [
    name.padEnd(44),
    `${lastMs.median.toFixed(0)} / ${lastMs.max.toFixed(0)}`.padStart(15),
    `${count.median.toFixed(0)} / ${count.max.toFixed(0)}`.padStart(15),
    (evaluation === undefined ? '–' : evaluation.toFixed(2)).padStart(12),
    rate.toFixed(0).padStart(9),
    String(toggles).padStart(6),
  ].join(' ');
