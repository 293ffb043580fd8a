/** The guard's memory with a clock, a database, a listener and a timer that do what the test says. */
import { CachedGuard, type CachedAnswer } from '../src/cached-guard';
import { paths } from '@muster/core/storage/paths';
import { NORMAL, type PolicyDocument } from '../src/policy-document';
import type { Snapshot } from '@muster/core/storage/work';
import { asking } from './guard-harness';

export const BOUND = 30_000;
export const SECOND = 1_000;
export const POLICY = paths.policy();
export const KILLED: PolicyDocument = {
  ...NORMAL,
  killSwitches: {
    shipping: {
      since: new Date(0),
      by: 'staff',
      reason: 'r',
      until: null,
      activation: 'act_a',
      exemptions: {},
    },
  },
};
/** Versions as the REST API writes them, with as many digits as they need, and as a listener does, with all of them. */
const versionOf = (number: number): string => `2026-01-01T00:00:00.${String(number).padStart(3, '0')}Z`;
const versionTold = (number: number): string => versionOf(number).replace('Z', '000000Z');

interface Asked {
  wanted: string[];
  answer(found?: Record<string, unknown>, version?: number): Promise<void>;
  fail(): Promise<void>;
}

export const setUp = (boundMs = BOUND) => {
  const state = { now: 1_000_000, logged: [] as string[], listeners: 0, listening: 0 };
  const asked: Asked[] = [];
  const ticks: { ms: number; task: () => void }[] = [];
  let listener: { onPolicy: (policy: Snapshot) => void; onFailure: (error: unknown) => void } | undefined;
  let refuses = false;
  const memory = new CachedGuard(
    {
      clock: () => new Date(state.now),
      log: { error: (message) => state.logged.push(message), critical: jest.fn(), emergency: jest.fn() },
      source: {
        fetch: (wanted) =>
          new Promise((resolve, reject) =>
            asked.push({
              wanted,
              async answer(found = {}, version = 1) {
                const one = (path: string): Snapshot =>
                  found[path] === undefined
                    ? { path, data: undefined, version: undefined }
                    : { path, data: found[path] as Record<string, unknown>, version: versionOf(version) };
                resolve(wanted.map(one));
                await settled();
              },
              async fail() {
                reject(new Error('down'));
                await settled();
              },
            }),
          ),
      },
      feed(onPolicy, onFailure) {
        state.listeners += 1;
        if (refuses) throw new Error('the client was closed');
        listener = { onPolicy, onFailure };
        state.listening += 1;
        return () => void (state.listening -= 1);
      },
      every(ms, task) {
        ticks.push({ ms, task });
        return () => void ticks.splice(0);
      },
    },
    () => 'connector_write',
    boundMs,
  );
  const ask = (more = {}): CachedAnswer => memory.ask(asking('shipping.push', more));
  return {
    memory,
    state,
    asked,
    ticks,
    ask,
    reason: (more = {}) => {
      const answer = ask(more);
      return answer.allowed ? 'ALLOWED' : answer.reason;
    },
    tell: (policy: PolicyDocument | undefined, version: number) =>
      listener?.onPolicy({ path: POLICY, data: policy, version: policy && versionTold(version) }),
    breakListener: () => listener?.onFailure(new Error('listener broke')),
    refuseListeners: (yes: boolean) => void (refuses = yes),
    /** Starts watching a policy that is known. */
    watch: async (policy: PolicyDocument = NORMAL, version = 1): Promise<void> => {
      const watching = memory.watch();
      await asked.pop()!.answer({ [POLICY]: policy }, version);
      await watching;
    },
    tick: () => ticks.forEach(({ task }) => task()),
  };
};
/** Lets everything that waits for a promise go on. */
const settled = () => new Promise<void>((resolve) => setImmediate(resolve));
