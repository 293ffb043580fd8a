import { fakeMachine, fakeTarget, refused } from '../../test/fake-target';
import { action, inBackground, probe } from '../declaration';
import type { Experiment, ExperimentFunction } from '../experiment';
import { ChaosRefused } from '../guards';
import type { Journal } from './journal';
import type { ProgressEvent } from './progress';
import { runExperiment } from './run-experiment';
import type { RunOptions } from './run-options';
import { declared } from '../scope-functions';
import { TargetRefusal } from '../target';

/** An experiment of a few named steps; each is remembered when it is done. */
const experimentOf = (functions: Record<string, ExperimentFunction> = {}, done: string[] = []): Experiment => ({
  name: 'kill-switch',
  declaration: declared({
    ...{ experiment: 'kill-switch', title: 'A test', description: 'Of the runner.', tags: [] },
    steady: { title: 'steady', probes: [probe('steady', 'steady', true)] },
    method: [
      inBackground('in the background', 'background'),
      action('break it', 'break'),
      probe('it holds', 'holds', { type: 'range', range: [0, 3] }),
    ],
    rollbacks: [action('mend it', 'mend'), action('tidy up', 'tidy')],
  }),
  bind: () => {
    const named: Record<string, ExperimentFunction> = {
      steady: async () => true,
      bystander_availability: async () => 1,
      background: async () => null,
      break: async () => null,
      holds: async () => 2,
      mend: async () => null,
      tidy: async () => null,
      ...functions,
    };
    return Object.fromEntries(
      Object.entries(named).map(([name, what]) => [
        name,
        async (given: Parameters<ExperimentFunction>[0]) => {
          done.push(name);
          return what(given);
        },
      ]),
    );
  },
});

const play = async (
  functions: Record<string, ExperimentFunction> = {},
  { answers = {}, ...options }: Partial<RunOptions> & { answers?: Parameters<typeof fakeTarget>[0] } = {},
) => {
  const done: string[] = [];
  const fake = fakeTarget(answers);
  const kept: string[] = [];
  const outcome = await runExperiment({
    ...{ experiment: experimentOf(functions, done), target: fake.target, machine: fakeMachine() },
    sink: { write: (text) => void kept.push(text) },
    ...options,
  });
  return { ...outcome, done: done.filter((name) => name !== 'bystander_availability'), ...fake, kept };
};
const isFinish = (data: Record<string, unknown>) => 'journalDigest' in data;

test('a run that goes well is steady, plays its method and its rollbacks, is steady again, and is told of', async () => {
  const { journal, passed, done, asked, kept } = await play();
  expect(done).toEqual(['steady', 'background', 'break', 'holds', 'mend', 'tidy', 'steady']);
  expect(passed).toBe(true);
  expect(journal).toMatchObject({
    status: 'completed',
    deviated: false,
    steady_states: { after: { steady_state_met: true } },
  });
  expect(journal.run.map(({ activity }) => activity.name)).toEqual(['break it', 'it holds', 'in the background']);
  expect(asked.find(isFinish)).toMatchObject({ experimentId: 'exp_fake', status: 'completed' });
  // Kept after every step, and the last is what was digested.
  expect(kept.length).toBeGreaterThan(5);
  expect(kept.slice(0, -1).map((text) => (JSON.parse(text) as Journal).status)).toContain('running');
  const { createHash } = jest.requireActual<typeof import('node:crypto')>('node:crypto');
  expect(asked.find(isFinish)?.['journalDigest']).toBe(
    createHash('sha256')
      .update(kept.at(-1) ?? '')
      .digest('hex'),
  );
});

test('what is not steady before is left alone', async () => {
  const { journal, passed, done, asked } = await play({ steady: async () => ({ value: false, reason: 'RESTRICTED' }) });
  expect(done).toEqual(['steady']);
  expect(passed).toBe(false);
  expect(journal).toMatchObject({ status: 'aborted', run: [], rollbacks: [], steady_states: { after: null } });
  expect(asked.find(isFinish)).toMatchObject({ status: 'aborted', reason: expect.stringContaining('steady state') });
});

test('a brake that does not hold is a deviation, and is rolled back all the same', async () => {
  const { journal, passed, done, asked } = await play({ holds: async () => ({ value: 4, late: ['a'] }) });
  expect(done).toContain('tidy');
  expect(passed).toBe(false);
  expect(journal).toMatchObject({
    status: 'completed',
    deviated: true,
    muster: { reason: 'it holds: outside of its tolerance' },
  });
  expect(asked.find(isFinish)).toMatchObject({ status: 'deviated' });
});

test('steadiness that does not return is a deviation', async () => {
  let asked = 0;
  const { journal, passed } = await play({ steady: async () => (asked += 1) === 1 });
  expect([journal.deviated, passed]).toEqual([true, false]);
  expect(journal.muster.reason).toBe('the steady state did not return: steady');
});

test('an action that fails ends the method; the rollbacks follow', async () => {
  const failing = async () => Promise.reject(new Error('no network'));
  const { journal, done, passed } = await play({ break: failing });
  expect(done).toEqual(['steady', 'background', 'break', 'mend', 'tidy', 'steady']);
  expect([journal.status, journal.muster.reason, passed]).toEqual(['failed', 'break it: no network', false]);
});

test('a rollback that fails keeps no other from being tried, and the run from passing', async () => {
  const { journal, done, passed } = await play({ mend: async () => Promise.reject(new Error('stuck')) });
  expect(done.slice(-3)).toEqual(['mend', 'tidy', 'steady']);
  expect([journal.deviated, journal.muster.reason, passed]).toEqual([true, 'mend it: stuck', false]);
});

test('what cannot be told here is neither passed nor failed', async () => {
  const { journal, passed } = await play({ holds: async () => ({ applicable: false, why: 'an emulator' }) });
  expect(journal.run.find(({ activity }) => activity.name === 'it holds')?.tolerance_met).toBeNull();
  expect(passed).toBe(true);
});

/** What ends once something was done so often: how long that takes is no matter. */
const after = (times: number) => {
  let left = times;
  let resolve: (done: null) => void = () => {};
  const promise = new Promise<null>((settle) => (resolve = settle));
  const once = (): void => {
    left -= 1;
    if (left === 0) resolve(null);
  };
  return { once, reached: () => promise };
};

test('a stop condition that trips ends the run and rolls it back', async () => {
  // The runner goes on to be heard of while it rolls back.
  const beats = after(10);
  const { journal, done } = await play(
    { bystander_availability: async () => 0.2, break: beats.reached },
    { answers: { 'chaos-continue': () => (beats.once(), { stop: null, leaseUntil: '2026-03-31T09:00:00.000Z' }) } },
  );
  expect(done).not.toContain('holds');
  expect(done).toContain('tidy');
  expect(journal).toMatchObject({ status: 'aborted', muster: { reason: expect.stringMatching(/^stop condition: /u) } });
});

test('the backend says stop, and it stops', async () => {
  let heard = 0;
  const leaseUntil = '2026-03-31T09:00:00.000Z';
  const beats = after(5);
  const goesOn = () => {
    beats.once();
    return { stop: (heard += 1) > 1 ? 'enough for today' : null, leaseUntil };
  };
  const { journal, done } = await play({ break: beats.reached }, { answers: { 'chaos-continue': goesOn } });
  expect(done).not.toContain('holds');
  expect(done).toContain('tidy');
  expect(journal).toMatchObject({ status: 'aborted', muster: { reason: 'the backend says stop: enough for today' } });
});

test('a backend that is not heard any more is no reason to go on', async () => {
  // Of 5 s each by the clock of the run: 22 s are over with the sixth.
  const beats = after(10);
  const silent = () => {
    beats.once();
    return refused('UNAVAILABLE', 'UNREACHABLE', 'No answer came.');
  };
  const { journal, done } = await play({ break: beats.reached }, { answers: { 'chaos-continue': silent } });
  expect(done).toContain('tidy');
  expect(journal).toMatchObject({ status: 'aborted', muster: { reason: 'the backend was not heard for 22 s' } });
});

describe('interrupted at any step, it is rolled back and told of', () => {
  const steps = [
    'guards',
    'chaos-arm',
    'steady',
    'in the background',
    'break it',
    'it holds',
    'mend it',
    'tidy up',
    'chaos-finish',
  ];
  test.each(steps)('%s', async (step) => {
    const controller = new AbortController();
    const progress = ({ name, state }: ProgressEvent) => {
      if (name === step && state === 'begins') controller.abort();
    };
    const { journal, done, called, passed } = await play({}, { progress, signal: controller.signal });
    const isAtLeast = (other: string) => steps.indexOf(step) >= steps.indexOf(other);
    const afterwards = isAtLeast('mend it');
    expect(called.filter((name) => name === 'chaos-finish')).toHaveLength(1);
    expect(done.filter((name) => name === 'mend' || name === 'tidy')).toEqual(
      isAtLeast('in the background') ? ['mend', 'tidy'] : [],
    );
    // Once it is rolled back there is nothing to interrupt any more.
    expect(journal.status).toBe(afterwards ? 'completed' : 'interrupted');
    expect(passed).toBe(afterwards);
  });
});

test('nothing that the caller handed in keeps it from being rolled back', async () => {
  const broken = { write: () => Promise.reject(new Error('the disk is full')) };
  const { journal, called } = await play({}, { sink: broken });
  expect(called).toContain('chaos-finish');
  expect(journal).toMatchObject({ status: 'failed', muster: { reason: 'the disk is full' } });
});

test('a backend that cannot be told of the end is asked again; then the run says so', async () => {
  const answers = { 'chaos-finish': () => refused('UNAVAILABLE', 'UNREACHABLE', 'No answer came.') };
  const { called, notFinished, passed, kept } = await play({}, { answers });
  expect(called.filter((name) => name === 'chaos-finish')).toHaveLength(3);
  expect([notFinished, passed]).toEqual(['No answer came.', false]);
  expect((JSON.parse(kept.at(-1) ?? '') as Journal).status).toBe('failed');
});

describe('guards', () => {
  const refusal = async (env: Record<string, string>, answers: Parameters<typeof fakeTarget>[0] = {}) => {
    const fake = fakeTarget(answers);
    const options = { experiment: experimentOf(), target: fake.target, machine: fakeMachine(env) };
    const error = await runExperiment(options).then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    return { error, ...fake };
  };
  const statusOf = (over: object) => () => ({
    ...{ environment: 'staging', allowed: true, why: null, stopped: null, armed: [] },
    ...over,
  });
  const stopped = { by: 'someone', at: '2026-03-31T09:00:00.000Z', reason: 'not today' };

  test.each<[string, Record<string, string>, Parameters<typeof fakeTarget>[0]]>([
    ['CHAOS_MODE_NOT_SET', {}, {}],
    ['CHAOS_MODE_NOT_SET', { CHAOS_MODE: 'TRUE' }, {}],
    ['CHAOS_MODE_NOT_SET', { CHAOS_MODE: '1' }, {}],
    ['NODE_ENV_IS_PRODUCTION', { CHAOS_MODE: 'true', NODE_ENV: 'production' }, {}],
    ['ENVIRONMENT_IS_PRODUCTION', { CHAOS_MODE: 'true' }, { 'chaos-status': statusOf({ environment: 'production' }) }],
    ['CHAOS_STOPPED', { CHAOS_MODE: 'true' }, { 'chaos-status': statusOf({ stopped }) }],
  ])('%s with %j: refused, reported, and nothing armed', async (reason, env, answers) => {
    const { error, called, asked } = await refusal(env, answers);
    expect(error).toBeInstanceOf(ChaosRefused);
    expect(error).toMatchObject({ reason, recorded: true, next: expect.any(String) });
    expect(called.at(-1)).toBe('chaos-refused');
    expect(asked.at(-1)).toEqual({ experiment: 'kill-switch', reason });
    expect(called).not.toContain('chaos-arm');
  });

  test('that it could not be recorded is said', async () => {
    const { error } = await refusal({}, { 'chaos-refused': () => refused('UNAUTHENTICATED', 'NO_TOKEN', 'Sign in.') });
    expect(error).toMatchObject({ reason: 'CHAOS_MODE_NOT_SET', recorded: 'Sign in.' });
  });

  test('who lacks the role is refused by arming, which keeps a record of it', async () => {
    const missing = () => refused('PERMISSION_DENIED', 'ROLE_MISSING');
    const { error, called } = await refusal({ CHAOS_MODE: 'true' }, { 'chaos-status': missing, 'chaos-arm': missing });
    expect(error).toBeInstanceOf(TargetRefusal);
    expect(called).toEqual(['chaos-status', 'chaos-arm']);
  });

  test('a status that cannot be had refuses', async () => {
    const { error, called } = await refusal({ CHAOS_MODE: 'true' }, { 'chaos-status': () => refused('UNAVAILABLE') });
    expect(error).toBeInstanceOf(TargetRefusal);
    expect(called).not.toContain('chaos-arm');
  });
});
