/** A backend for the control flow of a run: it arms, goes on and finishes, and remembers what was called. */
import type { chaos } from '@muster/contract';
import type { Answered, Machine, Refused, Target } from '../src';

const AT = '2026-03-31T09:00:00.000Z';
const SCOPE = 'abcdefghij';

const view = (over: Partial<chaos.ExperimentView> = {}): chaos.ExperimentView => ({
  ...{ id: 'exp_fake', exercise: true, experiment: 'kill-switch', scope: SCOPE, status: 'armed', by: 'me' },
  ...{ armedAt: AT, leaseUntil: AT, endedAt: null, reason: null, drillId: null, figures: null, journalDigest: null },
  ...over,
});

export const refused = (code: string, reason = code, message = `refused: ${reason}`): Refused => ({
  ...{ done: false, status: 400, code, reason, message, next: null, ms: 1 },
});

export interface Fake {
  target: Target;
  /** Every call, as `name` in order. */
  called: string[];
  asked: Record<string, unknown>[];
}

type Answers = Record<string, (data: Record<string, unknown>) => unknown>;

/** `answers` come before what a willing backend says; a `Refused` is a refusal, anything else a response. */
export const fakeTarget = (answers: Answers = {}): Fake => {
  const called: string[] = [];
  const asked: Record<string, unknown>[] = [];
  const willing: Answers = {
    'chaos-status': () => ({ environment: 'staging', allowed: true, why: null, stopped: null, armed: [] }),
    'chaos-arm': () => ({ experiment: view() }),
    'chaos-continue': () => ({ stop: null, leaseUntil: AT }),
    'chaos-finish': ({ status }) => ({
      changed: true,
      undone: [],
      experiment: view({ status: status as 'completed' }),
    }),
    'chaos-refused': () => ({ recorded: true }),
  };
  const call = async (name: string, data: Record<string, unknown>): Promise<Answered<never>> => {
    called.push(name);
    asked.push(data);
    const said = (answers[name] ?? willing[name] ?? (() => ({})))(data);
    return isRefused(said) ? said : { done: true, response: said as never, ms: 1 };
  };
  return {
    called,
    asked,
    target: {
      emulated: true,
      token: async () => 'token',
      call,
      get: async (path) => call(path, {}),
      writeByRules: async (_, key) => call('rules', { key }),
      writesOf: async () => [],
      timesOf: async () => undefined,
    },
  };
};

const isRefused = (said: unknown): said is Refused =>
  typeof said === 'object' && said !== null && 'done' in said && said.done === false;

/** A clock that goes on by waiting, and waiting takes no time. */
export const fakeMachine = (env: Machine['env'] = { CHAOS_MODE: 'true' }): Machine => {
  let now = Date.parse(AT);
  let ids = 0;
  return {
    env,
    now: () => now,
    async sleep(ms, signal) {
      if (signal.aborted) return;
      now += ms;
      await new Promise((resolve) => setImmediate(resolve));
    },
    newId: () => `id${(ids += 1)}`,
    ...{ platform: 'fake', node: 'fake' },
  };
};
