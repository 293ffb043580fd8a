import type { DrillFigures, Figure } from '@muster/contract/drills';
import type { Severity } from '@muster/contract/values';
import type { Timeline } from './timeline';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Targets by severity, in milliseconds (docs/architecture.md, "Time"). */
export const TARGETS: Record<Severity, { ttd: number; tta: number; ttc: number; ttr: number }> = {
  P0: { ttd: 5 * MINUTE, tta: 15 * MINUTE, ttc: 30 * MINUTE, ttr: 2 * HOUR },
  P1: { ttd: 15 * MINUTE, tta: HOUR, ttc: 2 * HOUR, ttr: 8 * HOUR },
  P2: { ttd: HOUR, tta: 4 * HOUR, ttc: 8 * HOUR, ttr: 24 * HOUR },
  P3: { ttd: 4 * HOUR, tta: 24 * HOUR, ttc: 48 * HOUR, ttr: 7 * DAY },
};

/**
 * TTD = detected − started, TTA = acknowledged − detected, TTC = contained − detected, TTR = resolved −
 * detected. A missing event gives no figure, never zero. A target is met strictly below it. A TTR that was
 * only reported (`mttrMinutes`) counts when events do not measure one, and says that it was reported.
 */
export const figuresOf = (
  timeline: Pick<Timeline, 'startedAt' | 'milestones'> & { severity: Severity; reportedTtrMs: number | null },
): DrillFigures => {
  const targets = TARGETS[timeline.severity];
  const { detected, acknowledged, contained, resolved } = timeline.milestones;
  const between = (from: Date | null | undefined, to: Date | null | undefined, targetMs: number): Figure =>
    from && to ? judged(to.getTime() - from.getTime(), targetMs, 'events') : judged(null, targetMs, 'none');

  const ttr = between(detected?.at, resolved?.at, targets.ttr);
  return {
    ttd: between(timeline.startedAt, detected?.at, targets.ttd),
    tta: between(detected?.at, acknowledged?.at, targets.tta),
    ttc: between(detected?.at, contained?.at, targets.ttc),
    ttr:
      ttr.valueMs === null && timeline.reportedTtrMs !== null
        ? judged(timeline.reportedTtrMs, targets.ttr, 'reported')
        : ttr,
  };
};

const judged = (valueMs: number | null, targetMs: number, source: Figure['source']): Figure => ({
  valueMs,
  targetMs,
  result: valueMs === null ? 'not_measured' : valueMs < targetMs ? 'met' : 'missed',
  source,
});

/** TTR in minutes, as the HTTP API says it. */
export const mttrMinutesOf = (figures: DrillFigures | null): number | null => {
  const valueMs = figures?.ttr.valueMs ?? null;
  return valueMs === null ? null : valueMs / MINUTE;
};

export const minutesToMs = (minutes: number): number => Math.round(minutes * MINUTE);
