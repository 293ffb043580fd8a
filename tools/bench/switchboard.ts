/** The guard: what it costs, how fast a kill binds, and what a flag that is polled lets through beside it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { emulatorHost, newBackend, type Backend } from '@muster/functions/test/harness';
import { killCapability, restoreCapability } from '@muster/functions/features/policy/index';
import { race, workersOf } from '@muster/guard/test/race/race';
import { guardOver } from '@muster/guard/guard';
import { firestoreFeed } from '@muster/guard/policy-feed';
import { firestoreSource } from '@muster/core/storage/firestore-source';
import { readThenBatch } from './by-hand';
import { slipThrough, type Slip } from './gates/slip-through';
import { compare, median, type Comparison } from './measure';

const REQUEST = { capability: 'shipping.commit', actor: 'bench-bot', authTime: Date.now() / 1000 };
const reason = 'switched on and off by the bench';

/** A figure that stands for itself, with what it should be. */
export interface Figure {
  name: string;
  value: string;
  met: boolean | undefined;
}

/** Guarded in process: one round trip to read, one to commit, on both sides. */
export const guardedWrite = async (): Promise<{ comparisons: Comparison[]; figures: Figure[] }> => {
  const backend = await newBackend();
  const { firestore, deps } = backend;
  const guard = guardOver({
    ...deps,
    clock: () => new Date(),
    source: firestoreSource(firestore),
    feed: firestoreFeed(firestore),
    every: () => () => {},
  });
  const order = { state: 'open', text: 'x'.repeat(200) };
  await Promise.all(['ours', 'theirs'].map((side) => firestore.doc(`orders/${side}`).set(order)));
  const ours = () =>
    guard.run(
      REQUEST,
      async (work) => {
        const found = await work.get('orders/ours');
        work.set('orders/ours', { ...found, at: new Date() });
      },
      { reads: ['orders/ours'] },
    );
  const reads = ['muster_policy/current', 'muster_revocations/bench-bot', 'orders/theirs'];
  const theirs = () => readThenBatch(firestore, reads, [{ path: 'orders/theirs', data: { ...order, at: new Date() } }]);
  const comparisons = [
    await compare(
      'guard.run / the same reads and commit by hand, unguarded',
      { ours, theirs },
      { runs: 400, warmUp: 300, goal: 1.15 },
    ),
  ];

  await guard.watch();
  await guard.refresh(REQUEST);
  const microseconds = cachedCost(() => guard.cached(REQUEST).allowed);
  const alone = { capability: REQUEST.capability, actor: REQUEST.actor };
  const without = cachedCost(() => guard.cached(alone).allowed);
  guard.close();
  await backend.close();
  return {
    comparisons,
    figures: [
      { name: 'guard.cached, one call, policy', value: `${without.toFixed(3)} µs`, met: without < 1 },
      { name: 'guard.cached, one call, policy and session', value: `${microseconds.toFixed(3)} µs`, met: undefined },
    ],
  };
};

/** Microseconds for a call: the median of batches that are long enough for the clock, after as many that do not count. */
const cachedCost = (call: () => boolean): number => {
  const batches = Array.from({ length: 100 }, () => {
    const began = performance.now();
    for (let index = 0; index < 5_000; index += 1) call();
    return ((performance.now() - began) / 5_000) * 1_000;
  });
  return median(batches.slice(50));
};

export interface SlipFigures {
  name: string;
  slips: Slip[];
}

/** Another process writes 100 times a second; what commits after the acknowledged kill slipped through. */
export const slips = async (): Promise<SlipFigures[]> => {
  const backend = await newBackend();
  await hostRules(backend);
  const gates = [
    { name: 'guard.run', gate: '.muster/bench/guard-gate.js', env: { MUSTER_GATE: 'run' } },
    { name: 'security rules, allows()', gate: 'tools/bench/gates/rules-gate.mjs', env: {} },
    { name: 'guard.cached, then a write', gate: '.muster/bench/guard-gate.js', env: { MUSTER_GATE: 'cached' } },
  ];
  const found: SlipFigures[] = [];
  for (const { name, gate, env } of gates) {
    const own: Slip[] = [];
    for (let round = 0; round < 5; round += 1) {
      own.push(
        await slipThrough(backend.firestore, `${gate.replaceAll(/\W/gu, '')}${name.length}-${round}`, {
          gate,
          rate: 100,
          env: { ...env, GCLOUD_PROJECT: backend.projectId },
          allow: async () => void (await backend.run(restoreCapability, { capability: 'shipping', reason })),
          deny: async () => void (await backend.run(killCapability, { capability: 'shipping', reason })),
          afterMs: 500 + round * 37,
          limitMs: 20_000,
        }),
      );
    }
    found.push({ name, slips: own });
  }
  await backend.close();
  return found;
};

/** A product's own rules, made of nothing but the helpers that it copies. */
const hostRules = async ({ projectId }: Backend): Promise<void> => {
  const helpers = readFileSync(join(process.cwd(), 'packages/guard/firestore-helpers.rules'), 'utf8');
  const content = `rules_version = '2';
service cloud.firestore { match /databases/{database}/documents {
${helpers}
match /{writes}/{id} { allow create: if allows('shipping.commit'); }
} }`;
  const response = await fetch(`http://${emulatorHost()}/emulator/v1/projects/${projectId}:securityRules`, {
    method: 'PUT',
    headers: { authorization: 'Bearer owner' },
    body: JSON.stringify({ rules: { files: [{ name: 'firestore.rules', content }] } }),
  });
  if (!response.ok) throw new Error(await response.text());
};

/** Kills under the load of 64 guarded writers, while 4 more hang in the middle of their work all the time. */
export const killsUnderLoad = async (): Promise<{ took: number[]; seconds: number; violations: [number, number] }> => {
  const backend = await newBackend();
  backend.clock.now = new Date();
  const workers = [
    ...workersOf(64, (index) => ({ way: 'guarded', actor: `bot-${index}` })),
    ...workersOf(4, (index) => ({ way: 'hung', actor: `slow-${index}` })),
    ...workersOf(8, (index) => ({ way: 'naive', actor: `naive-${index}` })),
  ];
  const took: number[] = [];
  const began = performance.now();
  const { violations } = await race(backend, {
    processes: [0, 1, 2, 3].map((process) => workers.filter((_, index) => index % 4 === process)),
    revocations: [],
    flips: 100,
    attemptsPerFlip: 40,
    killOne: true,
    onKilled: (ms) => took.push(ms),
  });
  await backend.close();
  return {
    took: took.toSorted((a, b) => a - b),
    seconds: (performance.now() - began) / 1000,
    violations: [violations.guarded.length, violations.naive.length],
  };
};
