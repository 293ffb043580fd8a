import type { ResponseOf } from '@muster/contract';
import { COLORED, PLAIN } from '../output/ink';
import { legible } from '../output/legible';
import { posturePage } from './page';
import { sessionsRevoked } from '../staff/pages';

const page = { ink: PLAIN, width: 110, now: new Date('2026-03-31T10:30:00.000Z') };
type Control = ResponseOf<'posture-get'>['controls'][number];
const control = (over: Partial<Control> = {}): ResponseOf<'posture-get'> => ({
  controls: [
    {
      control: 'armed-switch',
      state: 'proven',
      lastRunAt: '2026-03-31T10:00:00.000Z',
      lastProvenAt: '2026-03-31T10:00:00.000Z',
      sinceProofMs: 1_800_000,
      stale: false,
      finding: null,
      latencies: { killMs: 12, rulesMs: 8, guardMs: 9, restoreMs: 10 },
      ...over,
    },
  ],
});
const never = { lastRunAt: null, lastProvenAt: null, sinceProofMs: null, latencies: null };

test('a proof, its age and what it took', () => {
  expect(posturePage(control(), page)).toBe(
    [
      'armed-switch  proven  A kill switch stops writes through security rules and through the guard.',
      '  Last proof     30m ago',
      '  Last run       30m ago',
      '  Killed in      12 ms',
      '  Refused after  8 ms by the rules, 9 ms by the guard',
      '  Restored in    10 ms',
    ].join('\n'),
  );
});

test('a brake that does not hold is red, says which, and what to do', () => {
  const red = control({ state: 'failed', stale: true, finding: 'A write was not stopped: by the rules.' });
  expect(posturePage(red, page)).toMatch(/^armed-switch {2}FAILED .*\n(?:.*\n)+ {2}A write was not stopped/u);
  expect(posturePage(red, page)).toContain('Next: Assume that a kill switch does not stop this.');
  const colored = legible(posturePage(red, { ...page, ink: COLORED }));
  expect(colored).toContain('\u001b[31m\u001b[1mFAILED');
  expect(colored).toContain('\u001b[31m  A write was not stopped');
  expect(colored).not.toContain('\u001b[32m');
});

test('what is not proven, or not any more, is never shown as good', () => {
  for (const over of [{ state: 'not_run' as const, stale: true, ...never }, { stale: true }]) {
    expect(legible(posturePage(control(over), { ...page, ink: COLORED }))).not.toContain('\u001b[32m');
    expect(posturePage(control(over), page)).toContain('Next: See that the schedule runs');
  }
  expect(posturePage(control({ state: 'not_run', stale: true, ...never }), page)).toContain('Last proof  never');
  expect(posturePage(control({ stale: true }), page)).toContain('proven, too long ago');
});

test('ended sessions, and whose uid nobody knows', () => {
  const answer = { changed: true, uid: 'ada', known: true, endedAt: '2026-03-31T10:29:59.000Z' } as const;
  expect(sessionsRevoked(answer, page)).toMatch(
    /^Ended: every session of ada that began before 2026-03-31 10:29:59 UTC is over\.\nWho knows the password/u,
  );
  expect(sessionsRevoked({ ...answer, known: false }, page)).toContain('knows no such user');
});
