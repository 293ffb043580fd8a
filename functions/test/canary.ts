/** A backend for the armed-switch canary: real rules, real time, a process that can be killed, and brakes that can be broken. */
import { decideOnPolicy } from '@muster/guard/decision';
import { guardedRun } from '@muster/guard/guard';
import { Meter } from '@muster/core/meter';
import { policyAsStored, type PolicyDocument } from '@muster/guard/policy-document';
import { storeOver, type CommitProtocol } from '@muster/core/storage/store';
import type { Snapshot } from '@muster/core/storage/work';
import type { ControlView } from '@muster/contract/posture';
import { getPosture, postureCanary } from '../src/features/posture';
import { killCapability, restoreCapability } from '../src/features/policy';
import { runJob } from '../src/platform/operations/job';
import { emulatorHost, HOUR, newBackend, type Backend } from './harness';
import { musterRules } from './rules/rules-files';

const T = new Date('2026-03-31T09:00:00.000Z');

export interface CanaryWorld {
  backend: Backend;
  /** Runs the job for this hour. */
  run(hour?: number): Promise<void>;
  control(): Promise<ControlView>;
  policy(): Promise<PolicyDocument>;
  actions(): Promise<string[]>;
  /** What the log has of a severity. */
  logged(severity: 'ERROR' | 'CRITICAL'): string[];
  kill(capability: string): Promise<unknown>;
  restore(capability: string): Promise<unknown>;
  loadRules(content: string): Promise<void>;
  /** Puts a broken guard in the place of the whole one; undefined puts that back. */
  breakGuard(how: 'takes a write for a read' | 'decides on an old policy' | undefined): void;
  /** Moves the clock of the backend on; that of the rules cannot be moved. */
  later(ms: number): void;
  /** Ends the process at its commit of this number: before it got there, or when it had. Undefined starts another one. */
  crash(at: { commit: number; late: boolean } | undefined): void;
  /** Whether the guard lets the canary's write pass at a time. */
  letsPassAt(time: Date): Promise<boolean>;
}

/** Rules in which nothing asks the policy any more. */
export const openRules = (): string =>
  musterRules().replace(
    'function allows(capability) {',
    'function allows(capability) { return true; }\n    function allowsNoMore(capability) {',
  );

export const canaryWorld = async (): Promise<CanaryWorld> => {
  let ahead = 0;
  const life: Life = { commits: 0, ends: undefined };
  let whole: CommitProtocol | undefined;
  const around = (protocol: CommitProtocol) => mortal((whole = protocol), life);
  const backend = await newBackend({ around });
  // Rules look at the real time, so the backend does too.
  backend.deps.clock = () => new Date(Date.now() + ahead);
  const { guard } = backend.deps.writePaths;
  const reason = 'a test of the canary';
  const staff = () => ({
    identity: { uid: 'uid-staff', authTime: Date.now() / 1000, claimed: ['staff' as const] },
    confirmed: Promise.resolve(),
    correlationId: 'test',
  });

  const loadRules = async (content: string): Promise<void> => {
    const url = `http://${emulatorHost()}/emulator/v1/projects/${backend.projectId}:securityRules`;
    const body = JSON.stringify({ rules: { files: [{ name: 'firestore.rules', content }] } });
    const response = await fetch(url, { method: 'PUT', headers: { 'content-type': 'application/json' }, body });
    if (response.status !== 200) throw new Error(`rules were not loaded: ${await response.text()}`);
  };
  await loadRules(musterRules());

  return {
    backend,
    loadRules,
    run: (hour = 0) => runJob(backend.deps, postureCanary, new Date(T.getTime() + hour * HOUR)),
    async control() {
      const { controls } = await backend.run(getPosture, {});
      return controls[0] as ControlView;
    },
    policy: async () => (await backend.firestore.doc('muster_policy/current').get()).data() as PolicyDocument,
    actions: async () => (await backend.auditEntries()).map(({ action }) => String(action)),
    logged: (severity) => backend.logged.filter((line) => line.includes(`"severity":"${severity}"`)),
    kill: (capability) => backend.run(killCapability, { capability, reason }, staff()),
    restore: (capability) => backend.run(restoreCapability, { capability, reason }, staff()),
    breakGuard(how) {
      if (!whole) throw new Error('the backend has no protocol');
      const store = how === 'decides on an old policy' ? storeOver(withOldPolicy(whole)) : backend.deps.store;
      const broken = guardedRun({ ...backend.deps, store }, () => (store === backend.deps.store ? 'read' : 'write'));
      backend.deps.writePaths = { ...backend.deps.writePaths, guard: how ? { run: broken } : guard };
    },
    later: (ms) => void (ahead += ms),
    crash: (at) => void Object.assign(life, { ends: at }),
    async letsPassAt(time) {
      const work = backend.deps.store.read(new Meter());
      await work.prefetch([policyAsStored()]);
      const asked = { capability: 'canary.write', actor: 'uid-one' };
      return decideOnPolicy(asked, 'write', work.seen(policyAsStored()), time).allowed;
    },
  };
};

interface Life {
  commits: number;
  ends: { commit: number; late: boolean } | undefined;
}

/** A process that is killed at one of its commits reaches nothing any more. */
const mortal = (protocol: CommitProtocol, life: Life): CommitProtocol => {
  const alive = (): void => {
    if (life.ends && life.commits >= life.ends.commit) throw new Error('the process was killed');
  };
  return {
    source: {
      async fetch(paths) {
        alive();
        return protocol.source.fetch(paths);
      },
      async query(query) {
        alive();
        return protocol.source.query(query);
      },
      async count(query) {
        alive();
        return protocol.source.count(query);
      },
    },
    async within(use) {
      alive();
      const result = await protocol.within(async (source) => {
        const done = await use(source);
        if (done.writes.length > 0) life.commits += 1;
        if (!life.ends?.late) alive();
        return done;
      });
      alive();
      return result;
    },
  };
};

/** As of a guard that keeps the first policy it has seen, and whose commits do not rest on it. */
const withOldPolicy = (protocol: CommitProtocol): CommitProtocol => {
  const path = 'muster_policy/current';
  let old: Snapshot | undefined;
  const source = {
    ...protocol.source,
    fetch: async (paths: string[]) =>
      (await protocol.source.fetch(paths)).map((one) => (one.path === path ? (old ??= one) : one)),
  };
  return {
    source,
    within: (use) =>
      protocol.within(async () => {
        const done = await use(source);
        return { ...done, restsOn: done.restsOn.filter((one) => one.path !== path) };
      }),
  };
};
