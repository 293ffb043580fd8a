import { fakeMachine, fakeTarget, refused } from '../test/fake-target';
import { newMeasurements } from './measurements';
import { runContext } from './run/run-context';
import { guardedWrite, recovered, restoreScope, scopeFunctions } from './scope-functions';
import { mustBeDone } from './target';

const runWith = async (answers: Parameters<typeof fakeTarget>[0]) => {
  const { target, called } = fakeTarget(answers);
  const { experiment } = mustBeDone('chaos-arm', await target.call('chaos-arm', { experiment: 'kill-switch' }));
  const measured = newMeasurements();
  const signal = () => new AbortController().signal;
  return {
    called,
    run: runContext({ target, machine: fakeMachine(), experiment, measured, clockOffsetMs: 0, signal }),
  };
};
const restored = (left: string[]) => () => ({
  ...{ changed: false, restored: false, end: null, message: '' },
  killSwitches: left.map((capability) => ({ capability })),
});
const asked = { capability: 'chaos.abcdefghij', reason: 'the experiment is over' };

test.each([
  ['asked for, and waits for another', restored(['chaos.abcdefghij'])],
  ['asked for before, by the same person', () => refused('CONFLICT', 'SECOND_PERSON_NEEDED')],
])(
  'a restore that takes two persons (%s) is left to the backend, and what waits for it is not judged',
  async (_, answer) => {
    const { run, called } = await runWith({ 'policy-restore': answer });
    expect(await restoreScope(run, asked)).toBe(false);
    const functions = scopeFunctions(run);
    expect(await functions['guarded_write_passes']?.({})).toMatchObject({ applicable: false });
    expect(await functions['rules_write_passes']?.({})).toMatchObject({ applicable: false });
    expect(called).not.toContain('chaos-write');
    // What has nothing to do with the scope must go on.
    expect(await functions['bystander_answers']?.({})).toBe(true);
  },
);

test('a kill of somebody else that stands beside it takes nothing away', async () => {
  const { run } = await runWith({ 'policy-restore': restored(['shipping.commit']) });
  expect(await restoreScope(run, asked)).toBe(true);
  expect(await scopeFunctions(run)['guarded_write_passes']?.({})).toBe(true);
});

test('any other refusal is an error', async () => {
  const { run } = await runWith({ 'policy-restore': () => refused('UNAVAILABLE', 'STORE_UNAVAILABLE') });
  await expect(restoreScope(run, asked)).rejects.toThrow('STORE_UNAVAILABLE');
});

const tries = (called: readonly string[]) => called.filter((name) => name === 'chaos-write').length;

test.each(['CHAOS_STOPPED', 'WRONG_STATE'])('recovery that is refused with %s is not waited for', async (reason) => {
  const { run, called } = await runWith({ 'chaos-write': () => refused('CONFLICT', reason) });
  const writes = async () => [await run.attempt('guard', () => guardedWrite(run, 'again'))];
  expect(await recovered(run, run.now(), writes)).toBe(false);
  expect(tries(called)).toBe(1);
  expect(run.measured.recoveryMs).toBeNull();
});

test('recovery that is refused for now is waited for, and no longer than ten seconds', async () => {
  let count = 0;
  const refusal = refused('CONFLICT', 'BLOCKED_BY_KILL_SWITCH');
  const { run } = await runWith({ 'chaos-write': () => ((count += 1) < 20 ? refusal : {}) });
  const writes = async () => [await run.attempt('guard', () => guardedWrite(run, 'again'))];
  expect(await recovered(run, run.now(), writes)).toBe(true);
  count = -1_000_000;
  const since = run.now();
  expect(await recovered(run, since, writes)).toBe(false);
  expect(run.now() - since).toBeGreaterThanOrEqual(10_000);
  expect(run.now() - since).toBeLessThan(11_000);
});
