import { fakeMachine, fakeTarget } from '../test/fake-target';
import { newMeasurements } from './measurements';
import { raceFunctions } from './race';
import { runContext } from './run/run-context';
import { comparable, mustBeDone, type Answered, type StoredTimes, type Target } from './target';

const refused = (reason: string): Answered<null> => ({
  ...{ done: false, status: 409, code: 'RESTRICTED', reason, message: reason, next: null, ms: 1 },
});
const done: Answered<null> = { done: true, response: null, ms: 1 };
const BRAKED_AT = '2026-03-31T09:00:01.000002Z';

/** A race in which, after the brake, each write is answered so, and these are what the database has stored. */
const race = async (answerAfter: Answered<null>, stored: string[]) => {
  let braked = false;
  const fake = fakeTarget({
    'audit-query': () => ({ entries: [{ id: 'aud_1', outcome: 'success' }], nextCursor: null }),
  });
  const target: Target = {
    ...fake.target,
    timesOf: async (path) => ({ name: path, createTime: BRAKED_AT }),
    writesOf: async () => stored.map((createTime, index): StoredTimes => ({ name: `w/${index}`, createTime })),
  };
  const never = new AbortController().signal;
  const { experiment } = mustBeDone('chaos-arm', await fake.target.call('chaos-arm', { experiment: 'kill-switch' }));
  const measured = newMeasurements();
  const run = runContext({
    ...{ target, machine: fakeMachine(), measured, clockOffsetMs: 0, signal: () => never },
    experiment,
  });
  const functions = raceFunctions(run, {
    ways: [{ name: 'guard', refusal: 'BLOCKED_BY_KILL_SWITCH', write: async () => (braked ? answerAfter : done) }],
    async set() {
      braked = true;
      return done;
    },
  });
  const ask = async (name: string, given = {}) => functions[name]?.(given);
  const writing = ask('write_continuously', { workersForEachWay: 2 });
  await ask('has_written', { times: 4 });
  await ask('set_brake');
  await ask('keep_writing', { times: 4, seconds: 1 });
  await writing;
  const valueOf = async (name: string) => {
    const answered = await ask(name);
    return typeof answered === 'object' && answered !== null && 'value' in answered ? answered.value : answered;
  };
  return {
    late: await valueOf('committed_after_brake'),
    accepted: await valueOf('accepted_after_acknowledgment'),
    otherwise: await valueOf('refused_otherwise'),
    measured,
  };
};

test('a brake that holds: nothing committed after it, nothing accepted, every refusal for its reason', async () => {
  const { late, accepted, otherwise, measured } = await race(refused('BLOCKED_BY_KILL_SWITCH'), [BRAKED_AT]);
  expect([late, accepted, otherwise]).toEqual([0, 0, 0]);
  expect(measured.fallbacks.due).toBeGreaterThan(3);
  expect(measured.fallbacks.activated).toBe(measured.fallbacks.due);
});

test('a write that committed a microsecond after the brake is found', async () => {
  const { late } = await race(refused('BLOCKED_BY_KILL_SWITCH'), ['2026-03-31T09:00:01.000003Z', BRAKED_AT]);
  expect(late).toBe(1);
});

test('a write that is accepted after the acknowledgment is found, whatever the database says', async () => {
  const { accepted, otherwise, measured } = await race(done, []);
  expect(accepted).toBeGreaterThan(3);
  expect(otherwise).toBe(accepted);
  expect(measured.fallbacks.activated).toBe(0);
});

test('a refusal for another reason is found', async () => {
  const { accepted, otherwise } = await race(refused('STORE_UNAVAILABLE'), []);
  expect(accepted).toBe(0);
  expect(otherwise).toBeGreaterThan(3);
});

test('times of the database compare as texts, with as many digits as they come', () => {
  const inOrder = [
    '2026-03-31T09:00:01Z',
    '2026-03-31T09:00:01.000001Z',
    '2026-03-31T09:00:01.1Z',
    '2026-03-31T09:00:02Z',
  ];
  expect(inOrder.map(comparable).toSorted()).toEqual(inOrder.map(comparable));
  expect(comparable('2026-03-31T09:00:01.5Z')).toBe(comparable('2026-03-31T09:00:01.500000Z'));
});
