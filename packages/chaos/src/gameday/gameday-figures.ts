/** The figures of a game day: per experiment and in all, and how they differ from the last. Pure. */
import * as z from 'zod';
import { chaos } from '@muster/contract';

/** Rates from 0 to 1; null for what was not measured, never zero. */
const rates = {
  /** Of the operations that were tried while a failure was on; most fail by design. */
  failureRate: z.number().nullable(),
  /** How often a brake or a fallback acted where it was due. */
  fallbackActivationRate: z.number().nullable(),
  /** Of what a failure should not hurt, while it was on. */
  availability: z.number().nullable(),
  recoveryMs: z.number().nullable(),
  brakeMs: z.number().nullable(),
};
const figureNames = ['failureRate', 'fallbackActivationRate', 'availability', 'recoveryMs', 'brakeMs'] as const;
export type FigureName = (typeof figureNames)[number];
export const FIGURES: readonly FigureName[] = figureNames;

const gameDayRates = z.object(rates);
export type Rates = z.infer<typeof gameDayRates>;

const played = z.object({
  experiment: chaos.experimentName,
  /** Null when it was never armed. */
  experimentId: z.string().nullable(),
  /** `skipped`: chaos was stopped before. */
  status: z.enum(['passed', 'deviated', 'aborted', 'interrupted', 'failed', 'refused', 'skipped']),
  reason: z.string().nullable(),
  seconds: z.number().nullable(),
  figures: chaos.experimentFigures.nullable(),
  ...rates,
});
export type Played = z.infer<typeof played>;

export const gameDay = z.object({
  version: z.literal(1),
  at: z.string(),
  project: z.string(),
  environment: z.string().nullable(),
  drillId: z.string().nullable(),
  seconds: z.number(),
  passed: z.boolean(),
  experiments: z.array(played),
  total: gameDayRates,
});
export type GameDay = z.infer<typeof gameDay>;

export const ratesOf = (figures: chaos.ExperimentFigures | null): Rates =>
  figures === null
    ? { failureRate: null, fallbackActivationRate: null, availability: null, recoveryMs: null, brakeMs: null }
    : {
        failureRate: share(figures.operations.failed, figures.operations.tried),
        fallbackActivationRate: share(figures.fallbacks.activated, figures.fallbacks.due),
        availability: share(figures.bystanders.tried - figures.bystanders.failed, figures.bystanders.tried),
        recoveryMs: figures.recoveryMs,
        brakeMs: figures.brakeMs,
      };

/** Over all operations, not over experiments: one with few does not weigh as much. Times are those of the slowest. */
export const totalOf = (experiments: readonly Pick<Played, 'figures'>[]): Rates => {
  const all = experiments.flatMap(({ figures }) => (figures === null ? [] : [figures]));
  if (all.length === 0) return ratesOf(null);
  const sum = (of: (figures: chaos.ExperimentFigures) => number) => all.reduce((total, one) => total + of(one), 0);
  return ratesOf({
    operations: { tried: sum((one) => one.operations.tried), failed: sum((one) => one.operations.failed) },
    fallbacks: { due: sum((one) => one.fallbacks.due), activated: sum((one) => one.fallbacks.activated) },
    bystanders: { tried: sum((one) => one.bystanders.tried), failed: sum((one) => one.bystanders.failed) },
    recoveryMs: slowest(all.map((one) => one.recoveryMs)),
    brakeMs: slowest(all.map((one) => one.brakeMs)),
  });
};

const share = (part: number, whole: number): number | null => (whole === 0 ? null : part / whole);

const slowest = (times: readonly (number | null)[]): number | null => {
  const measured = times.filter((time) => time !== null);
  return measured.length === 0 ? null : Math.max(...measured);
};

export interface Difference {
  by: number;
  /** Which way is good; null where neither is, since most failures are by design. */
  better: boolean | null;
}

const MORE_IS_BETTER: Record<FigureName, boolean | null> = {
  failureRate: null,
  fallbackActivationRate: true,
  availability: true,
  recoveryMs: false,
  brakeMs: false,
};

/** Undefined when either is not known. */
export const difference = (name: FigureName, now: Rates, before: Rates | undefined): Difference | undefined => {
  const [value, last] = [now[name], before?.[name] ?? null];
  if (value === null || last === null) return undefined;
  const by = value - last;
  const more = MORE_IS_BETTER[name];
  return { by, better: by === 0 || more === null ? null : by > 0 === more };
};
