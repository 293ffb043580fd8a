import type { Severity } from '@muster/contract/values';
import { figuresOf, minutesToMs, mttrMinutesOf, TARGETS } from './figures';

const START = new Date('2026-03-31T09:00:00.000Z');
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

const after = (ms: number) => ({ at: new Date(START.getTime() + ms), eventId: 'evt_test' });

/** A drill whose detection took `ttd`; the other figures count from there. */
const measured = (severity: Severity, times: { ttd?: number; tta?: number; ttc?: number; ttr?: number }) => {
  const detected = times.ttd ?? 0;
  const fromDetection = (ms: number | undefined) => (ms === undefined ? null : after(detected + ms));
  return figuresOf({
    severity,
    startedAt: START,
    milestones: {
      detected: after(detected),
      acknowledged: fromDetection(times.tta),
      contained: fromDetection(times.ttc),
      resolved: fromDetection(times.ttr),
    },
    reportedTtrMs: null,
  });
};

describe('the targets', () => {
  test.each<[Severity, number[]]>([
    ['P0', [5, 15, 30, 120]],
    ['P1', [15, 60, 120, 480]],
    ['P2', [60, 240, 480, 1440]],
    ['P3', [240, 1440, 2880, 10_080]],
  ])('of %s are, in minutes, %j', (severity, [ttd, tta, ttc, ttr]) => {
    expect(TARGETS[severity]).toEqual({
      ttd: ttd! * MINUTE,
      tta: tta! * MINUTE,
      ttc: ttc! * MINUTE,
      ttr: ttr! * MINUTE,
    });
  });
});

describe('a figure', () => {
  test.each(['P0', 'P1', 'P2', 'P3'] as const)('of %s is met one millisecond below its target', (severity) => {
    const { ttd, tta, ttc, ttr } = TARGETS[severity];
    const figures = measured(severity, { ttd: ttd - 1, tta: tta - 1, ttc: ttc - 1, ttr: ttr - 1 });
    expect(Object.values(figures).map(({ result }) => result)).toEqual(['met', 'met', 'met', 'met']);
    expect(figures.ttd).toEqual({ valueMs: ttd - 1, targetMs: ttd, result: 'met', source: 'events' });
  });

  test.each(['P0', 'P1', 'P2', 'P3'] as const)('of %s is missed at exactly its target', (severity) => {
    const figures = measured(severity, TARGETS[severity]);
    expect(Object.values(figures).map(({ result }) => result)).toEqual(['missed', 'missed', 'missed', 'missed']);
  });

  test('counts from the detection, but the detection itself from the start', () => {
    const figures = measured('P1', { ttd: 10 * MINUTE, tta: 2 * MINUTE, ttc: 30 * MINUTE, ttr: HOUR });
    expect(figures).toMatchObject({
      ttd: { valueMs: 10 * MINUTE },
      tta: { valueMs: 2 * MINUTE },
      ttc: { valueMs: 30 * MINUTE },
      ttr: { valueMs: HOUR },
    });
  });

  test('that took no time at all is zero, measured and met', () => {
    expect(measured('P0', { ttd: 0 }).ttd).toEqual({
      valueMs: 0,
      targetMs: 5 * MINUTE,
      result: 'met',
      source: 'events',
    });
  });
});

describe('without its event a figure', () => {
  const nothing = { detected: null, acknowledged: null, contained: null, resolved: null };

  test('is absent, never zero', () => {
    const figures = figuresOf({ severity: 'P2', startedAt: START, milestones: nothing, reportedTtrMs: null });
    for (const figure of Object.values(figures)) {
      expect(figure).toMatchObject({ valueMs: null, result: 'not_measured', source: 'none' });
    }
  });

  test('is absent also when only the detection is missing', () => {
    const milestones = { ...nothing, acknowledged: after(1), contained: after(2), resolved: after(3) };
    const figures = figuresOf({ severity: 'P2', startedAt: START, milestones, reportedTtrMs: null });
    expect(Object.values(figures).map(({ valueMs }) => valueMs)).toEqual([null, null, null, null]);
  });

  test('has no TTD when no start was seen, but the others still count', () => {
    const milestones = { ...nothing, detected: after(0), resolved: after(HOUR) };
    const figures = figuresOf({ severity: 'P2', startedAt: null, milestones, reportedTtrMs: null });
    expect(figures).toMatchObject({ ttd: { valueMs: null }, ttr: { valueMs: HOUR, result: 'met' } });
  });

  test('TTR is the reported one, and says so', () => {
    const figures = figuresOf({ severity: 'P1', startedAt: START, milestones: nothing, reportedTtrMs: 42 * MINUTE });
    expect(figures.ttr).toEqual({ valueMs: 42 * MINUTE, targetMs: 8 * HOUR, result: 'met', source: 'reported' });
  });
});

test('a TTR measured from events counts before a reported one', () => {
  const milestones = { detected: after(0), acknowledged: null, contained: null, resolved: after(HOUR) };
  const figures = figuresOf({ severity: 'P1', startedAt: START, milestones, reportedTtrMs: 42 * MINUTE });
  expect(figures.ttr).toMatchObject({ valueMs: HOUR, source: 'events' });
});

describe('minutes', () => {
  test('become whole milliseconds and minutes again', () => {
    expect(minutesToMs(0.5)).toBe(30_000);
    expect(minutesToMs(1 / 3)).toBe(20_000);
    expect(mttrMinutesOf(measured('P1', { ttr: 90_000 }))).toBe(1.5);
  });

  test('are null, not zero, without a TTR', () => {
    expect(mttrMinutesOf(null)).toBeNull();
    expect(mttrMinutesOf(measured('P1', {}))).toBeNull();
  });
});
