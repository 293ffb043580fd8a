import { difference, gameDay, ratesOf, totalOf, type GameDay, type Played } from './gameday-figures';
import { gameDayMarkdown } from './gameday-report';

const figures = (over: Partial<NonNullable<Played['figures']>> = {}): NonNullable<Played['figures']> => ({
  ...{ bystanders: { tried: 10, failed: 1 }, operations: { tried: 40, failed: 30 } },
  ...{ fallbacks: { due: 20, activated: 20 }, recoveryMs: 100, brakeMs: 50 },
  ...over,
});
const played = (experiment: Played['experiment'], of: Played['figures'], over: Partial<Played> = {}): Played => ({
  ...{ experiment, experimentId: 'exp_1', status: 'passed', reason: null, seconds: 3, figures: of },
  ...ratesOf(of),
  ...over,
});
const day = (experiments: Played[], over: Partial<GameDay> = {}): GameDay => ({
  ...{ version: 1, at: '2026-03-31T09:00:00.000Z', project: 'staging-1', environment: 'staging', drillId: 'drl_1' },
  ...{ seconds: 30, passed: experiments.every(({ status }) => status === 'passed'), experiments },
  total: totalOf(experiments),
  ...over,
});

test('rates are of what was tried, and what was not measured is not zero', () => {
  expect(ratesOf(figures())).toEqual({
    ...{ failureRate: 0.75, fallbackActivationRate: 1, availability: 0.9, recoveryMs: 100, brakeMs: 50 },
  });
  const none = { bystanders: { tried: 0, failed: 0 }, fallbacks: { due: 0, activated: 0 }, recoveryMs: null };
  expect(ratesOf(figures(none))).toMatchObject({ availability: null, fallbackActivationRate: null, recoveryMs: null });
  expect(totalOf([])).toEqual(ratesOf(null));
});

test('in all, an operation weighs as much as any other, and times are those of the slowest', () => {
  const few = figures({ bystanders: { tried: 1, failed: 1 }, recoveryMs: 900, brakeMs: null });
  const many = figures({ bystanders: { tried: 99, failed: 0 } });
  expect(totalOf([{ figures: few }, { figures: many }, { figures: null }])).toMatchObject({
    ...{ availability: 0.99, recoveryMs: 900, brakeMs: 50 },
  });
});

test('a difference says which way is good, and nothing where one side is unknown', () => {
  const before = ratesOf(figures());
  expect(difference('recoveryMs', ratesOf(figures({ recoveryMs: 80 })), before)).toEqual({ by: -20, better: true });
  expect(difference('brakeMs', ratesOf(figures({ brakeMs: 70 })), before)).toEqual({ by: 20, better: false });
  const available = ratesOf(figures({ bystanders: { tried: 10, failed: 5 } }));
  expect(difference('availability', available, before)?.better).toBe(false);
  expect(
    difference('failureRate', ratesOf(figures({ operations: { tried: 1, failed: 1 } })), before)?.better,
  ).toBeNull();
  expect(difference('recoveryMs', ratesOf(null), before)).toBeUndefined();
  expect(difference('recoveryMs', before, undefined)).toBeUndefined();
  expect(difference('recoveryMs', before, before)).toEqual({ by: 0, better: null });
});

test('the report compares each experiment with itself, and charts what was measured', () => {
  const last = day([played('kill-switch', figures({ recoveryMs: 150 })), played('replay', figures())], {
    at: '2026-03-01T09:00:00.000Z',
  });
  const now = day([played('kill-switch', figures()), played('replay', figures())]);
  const text = gameDayMarkdown(now, last);
  expect(text).toContain('**Every brake held**: 2 of 2 experiments passed.');
  expect(text).toContain('- Compared with 2026-03-01 09:00 UTC');
  expect(text).toContain(
    '| kill-switch | ✓ passed, 3.0 s | 75 % (=) | 100 % (=) | 90 % (=) | 100 ms (↓ 50 better) | 50 ms (=) |',
  );
  expect(text).toContain('xychart-beta horizontal\n  title "Recovery (ms)"\n  x-axis ["kill-switch", "replay"]');
  expect(text).toContain('  bar [100, 100]\n  line [150, 100]');
});

test('the first report has nothing to compare with; what did not pass stands with its reason', () => {
  const refused = played('forgery', null, { status: 'refused', reason: 'chaos was stopped', seconds: null });
  const text = gameDayMarkdown(day([played('kill-switch', figures()), refused]), undefined);
  expect(text).toContain('**Not every brake was shown to hold**: 1 of 2 experiments passed.');
  expect(text).toContain('- Nothing to compare with yet');
  expect(text).toContain('| forgery | ✗ refused | – | – | – | – | – |');
  expect(text).toContain('- forgery (refused): chaos was stopped');
  expect(text).not.toContain('  line [');
});

test('its JSON is read back as it was written', () => {
  const now = day([played('kill-switch', figures()), played('policy-outage', null, { status: 'skipped' })]);
  expect(gameDay.parse(JSON.parse(JSON.stringify(now)))).toEqual(now);
});
