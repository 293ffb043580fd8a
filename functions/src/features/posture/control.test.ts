import { afterRun, toControlView, type Proof } from './control';

const at = new Date('2026-03-31T09:00:00.000Z');
const plus = (ms: number) => new Date(at.getTime() + ms);
const latencies = { killMs: 1, rulesMs: 2, guardMs: 3, restoreMs: 4 };
const proof = (state: Proof['state']): Proof => ({ state, finding: state === 'proven' ? null : 'why', latencies });
const green = afterRun(undefined, proof('proven'), at);

test('a proof is kept, and a later run that shows the opposite takes its place but not its time', () => {
  expect(green).toEqual({ state: 'proven', lastRunAt: at, lastProvenAt: at, finding: null, latencies });
  const red = afterRun(green, proof('failed'), plus(5));
  expect(red).toMatchObject({ state: 'failed', lastRunAt: plus(5), lastProvenAt: at, finding: 'why' });
  expect(afterRun(red, proof('proven'), plus(9))).toMatchObject({ state: 'proven', lastProvenAt: plus(9) });
});

test.each([
  ['green', green, 'proven'],
  ['red', afterRun(green, proof('failed'), at), 'failed'],
  ['nothing', undefined, 'not_run'],
  ['damage', { state: 'green' }, 'not_run'],
])('a run that could not tell leaves %s as it was, and says why', (_what, before, state) => {
  expect(afterRun(before, proof('unclear'), plus(7))).toMatchObject({ state, lastRunAt: plus(7), finding: 'why' });
});

test('is stale when it failed, when it never ran, when it is damaged, and when its proof is older than two hours', () => {
  const staleAt = (stored: unknown, now: Date) => toControlView('armed-switch', stored, now).stale;
  expect(staleAt(green, at)).toBe(false);
  expect(staleAt(green, plus(7_200_000))).toBe(false);
  expect(staleAt(green, plus(7_200_001))).toBe(true);
  expect(staleAt(afterRun(green, proof('failed'), at), at)).toBe(true);
  expect(staleAt(undefined, at)).toBe(true);
  expect(staleAt({ ...green, more: 1 }, at)).toBe(true);
});

test('a proof of a clock that was ahead is not from the future', () => {
  expect(toControlView('armed-switch', green, plus(-1000)).sinceProofMs).toBe(0);
});
