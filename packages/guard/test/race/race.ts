/**
 * The race of law 2: many processes write under the guard while switches flip, delegations and sessions are revoked, some
 * workers hang in the middle of their work and a process is killed there. What committed is judged afterwards by the
 * commit times that the database gave, so no clock of ours is part of the proof.
 */
import { fork, type ChildProcess } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { buildSync } from 'esbuild';
import type { Timestamp } from '@google-cloud/firestore';
import { CHILD_PROGRAM } from '@muster/functions/test/processes/child-program';
import type { Backend } from '@muster/functions/test/harness';
import { killCapability, restoreCapability } from '@muster/functions/features/policy/index';
import { EFFECTS, type ProcessPlan, type ToChild, type ToParent, type WorkerPlan } from './plan';

const ROOT = resolve(__dirname, __dirname.includes('.muster') ? '../..' : '../../../..');
const NAMES = ['shipping', 'shipping.commit', '*'];
const reason = 'switched on and off by the race of law 2';

/** Something that is revoked on the way: whose writes may not follow it. */
export interface Revocation {
  /** The document in whose commit the revocation is. */
  document: string;
  /** Whether an effect is one that it forbids. */
  forbids: (effect: { actor: string; delegation: string | null }) => boolean;
  revoke: () => Promise<void>;
}

export interface RaceOptions {
  processes: ProcessPlan['workers'][];
  revocations: Revocation[];
  flips: number;
  /** Attempts that are waited for after each flip. */
  attemptsPerFlip: number;
  /** Milliseconds from each kill to its acknowledgment go here. */
  onKilled?: (took: number) => void;
  /** Kill one process in the middle of everything. */
  killOne: boolean;
}

export interface RaceResult {
  /** Guarded attempts that came to an end. */
  done: number;
  refused: number;
  /** Writes that committed while a restriction stood that forbade them. */
  violations: { guarded: string[]; naive: string[] };
  committed: { guarded: number; naive: number };
  /** Workers that hung all the while, in processes that lived. */
  hung: number;
}

export const race = async (backend: Backend, options: RaceOptions): Promise<RaceResult> => {
  const program = bundled();
  const counted = { done: 0, refused: 0, hanging: 0 };
  const failures: string[] = [];
  let wake = (): void => {};
  const children = options.processes.map((workers) =>
    fork(program, {
      env: {
        ...process.env,
        RACE_PLAN: JSON.stringify({ projectId: backend.projectId, workers } satisfies ProcessPlan),
      },
      execArgv: [],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    }),
  );
  const told = (child: ChildProcess, word: ToChild): void => void (child.connected && child.send(word));
  const exits = children.map((child) => new Promise<void>((done) => child.once('exit', () => done())));
  let ready = 0;
  for (const child of children) {
    child.on('message', (word: ToParent) => {
      if (word.type === 'ready') ready += 1;
      if (word.type === 'hanging') counted.hanging += 1;
      if (word.type === 'failed') failures.push(word.message);
      if (word.type === 'progress') {
        counted.done += word.done;
        counted.refused += word.refused;
      }
      wake();
    });
    child.once('exit', () => wake());
  }
  const until = async (reached: () => boolean): Promise<void> => {
    while (!reached()) {
      if (failures.length > 0) throw new Error(failures[0]);
      if (children.every(({ exitCode, signalCode }) => exitCode !== null || signalCode !== null)) {
        throw new Error('every process of the race has ended');
      }
      await new Promise<void>((heard) => (wake = heard));
    }
  };
  const attempts = () => counted.done + counted.refused;

  try {
    await until(() => ready === children.length);
    for (const child of children) told(child, { type: 'go' });
    const hung = options.processes.flat().filter(({ way }) => way === 'hung').length;
    await until(() => counted.hanging >= hung);

    const middle = Math.floor(options.flips / 2);
    for (let flip = 0; flip < options.flips; flip += 1) {
      const capability = NAMES[flip % NAMES.length] ?? '*';
      const began = performance.now();
      await backend.run(killCapability, { capability, reason });
      options.onKilled?.(performance.now() - began);
      const due = options.revocations.filter((_, index) => index % options.flips === flip);
      await Promise.all(due.map(({ revoke }) => revoke()));
      const killedAt = attempts();
      await until(() => attempts() >= killedAt + options.attemptsPerFlip);
      if (flip === middle && options.killOne) children.at(-1)?.kill('SIGKILL');
      await backend.run(restoreCapability, { capability, reason });
      const restoredAt = attempts();
      await until(() => attempts() >= restoredAt + options.attemptsPerFlip);
    }
  } finally {
    for (const child of children) told(child, { type: 'stop' });
    const timer = setTimeout(() => children.forEach((child) => child.kill('SIGKILL')), 20_000);
    await Promise.all(exits);
    clearTimeout(timer);
  }
  if (failures.length > 0) throw new Error(failures[0]);
  return { ...counted, hung: counted.hanging, ...(await judged(backend, options.revocations)) };
};

/** From the commit times alone: which writes came after a restriction that forbade them, and before its end. */
const judged = async (
  { firestore }: Backend,
  revocations: readonly Revocation[],
): Promise<Pick<RaceResult, 'violations' | 'committed'>> => {
  const activations = await firestore.collection('muster_activations').get();
  const spans = activations.docs.map(({ createTime, updateTime }) => ({ from: createTime, to: updateTime }));
  const since = await Promise.all(
    revocations.map(async ({ document, forbids }) => {
      const { updateTime } = await firestore.doc(document).get();
      if (!updateTime) throw new Error(`${document} was not revoked`);
      return { from: updateTime, forbids };
    }),
  );
  const judge = async (collection: string) => {
    const { docs } = await firestore.collection(collection).get();
    const violations = docs
      .filter((effect) => {
        const at = effect.createTime;
        const data = effect.data() as { actor: string; delegation: string | null };
        return (
          spans.some(({ from, to }) => isBefore(from, at) && isBefore(at, to)) ||
          since.some(({ from, forbids }) => isBefore(from, at) && forbids(data))
        );
      })
      .map(({ id }) => id);
    return { violations, committed: docs.length };
  };
  const guarded = await judge(EFFECTS.guarded);
  const naive = await judge(EFFECTS.naive);
  return {
    violations: { guarded: guarded.violations, naive: naive.violations },
    committed: { guarded: guarded.committed, naive: naive.committed },
  };
};

const isBefore = (one: Timestamp, other: Timestamp): boolean => one.valueOf() < other.valueOf();

/** The processes run plain Node; TypeScript is bundled for them once. */
const bundled = (): string => {
  const folder = join(ROOT, '.muster', 'race');
  mkdirSync(folder, { recursive: true });
  const outfile = join(folder, 'process.js');
  buildSync({
    absWorkingDir: ROOT,
    entryPoints: ['packages/guard/test/race/process.ts'],
    outfile,
    ...CHILD_PROGRAM,
  });
  return outfile;
};

/** So many workers of one way, each somebody of its own. */
export const workersOf = (count: number, worker: (index: number) => WorkerPlan): WorkerPlan[] =>
  Array.from({ length: count }, (_, index) => worker(index));
