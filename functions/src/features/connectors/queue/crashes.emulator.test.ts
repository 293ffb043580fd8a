/** Deliverers that die at each step, in processes of their own that are killed with SIGKILL. */
import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { CHILD_PROGRAM } from '../../../../test/processes/child-program';
import type { Crash, Order } from '../../../../test/processes/deliverer-process';
import { as } from '../../../../test/harness';
import { CONNECTOR, OUT, queueWorld, upTo, type QueueWorld } from '../../../../test/connector-queue';
import { withoutRepeated } from '../../../../test/processes/receiver';
import { sendToConnector } from '..';

const ROOT = join(__dirname, '../../../../..');
const PROGRAM = join(ROOT, '.muster', `deliverer-${process.pid}.js`);

let world: QueueWorld;
beforeAll(() =>
  build({
    entryPoints: [join(ROOT, 'functions/test/processes/deliverer-process.ts')],
    outfile: PROGRAM,
    ...CHILD_PROGRAM,
  }),
);
afterAll(() => rmSync(PROGRAM, { force: true }));
beforeEach(async () => {
  world = await queueWorld();
});
afterEach(async () => {
  const { wrong } = world.receiver;
  await world.close();
  expect(wrong).toEqual([]);
});

/** Starts a deliverer, the `turn`th; answers what it said, or by which signal it died. */
const deliverer = (turn: number, crash: Crash | null): Promise<{ signal: string | null; said: string }> => {
  const order: Order = {
    projectId: world.backend.projectId,
    connectorId: CONNECTOR,
    reach: world.receiver.reach,
    aheadMs: turn * 60_000,
    crash,
  };
  const child = spawn(process.execPath, [PROGRAM, JSON.stringify(order)], { stdio: ['ignore', 'pipe', 'inherit'] });
  running = child;
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString('utf8')));
  return new Promise((ended) => child.on('close', (_, signal) => ended({ signal, said })));
};
let running: ReturnType<typeof spawn> | undefined;

test('500 writes queued during an outage arrive in order, exactly once, with five deliverers killed on the way', async () => {
  await world.register({ timeoutMs: 5000 });
  await world.policy(OUT);
  await Promise.all([queuedBy(8, 50, 1), queuedBy(10, 1, 10)]);
  expect(await world.deliver()).toMatchObject({ delivered: 0, waiting: 500, stopped: 'offline' });
  expect(world.receiver.arrivals).toEqual([]);

  await world.policy({});
  // One is killed from outside, while the receiver has its write and has not answered yet.
  world.receiver.answer = (response, _, count) => {
    if (count === 77) running?.kill('SIGKILL');
    else response.end();
  };
  const began = performance.now();
  const crashes: (Crash | null)[] = [
    null,
    { step: 'before post', nth: 93 },
    { step: 'after post', nth: 58 },
    { step: 'before commit', nth: 7 },
    { step: 'after commit', nth: 9 },
    null,
  ];
  const ends = [];
  for (const [turn, crash] of crashes.entries()) ends.push(await deliverer(turn, crash));
  const tookMs = Math.round(performance.now() - began);

  expect(ends.map(({ signal }) => signal)).toEqual([...upTo(5).map(() => 'SIGKILL'), null]);
  expect(JSON.parse(ends.at(-1)?.said ?? '')).toMatchObject({ dead: 0, waiting: 0, stopped: null });
  const kept = withoutRepeated(world.receiver.arrivals);
  expect(kept.map(({ sequence }) => sequence)).toEqual(upTo(500));
  expect(new Set(await stored('status'))).toEqual(new Set(['delivered']));
  expect(await world.queue()).toMatchObject({ settled: 500, waiting: 0, dead: 0, lease: null, sending: null });
  const repeated = world.receiver.arrivals.length - 500;
  expect(repeated).toBeGreaterThan(0);
  expect(repeated).toBeLessThanOrEqual(5 * 10);
  process.stdout.write(`500 writes, five kills: ${tookMs} ms, ${repeated} sent twice, last ${ends.at(-1)?.said}\n`);
});

test.each<Crash>([
  { step: 'before commit', nth: 1 },
  { step: 'after commit', nth: 1 },
  { step: 'before post', nth: 1 },
  { step: 'after post', nth: 1 },
  { step: 'before commit', nth: 2 },
  { step: 'after commit', nth: 2 },
])(
  'to a receiver that drops nothing, a deliverer killed $step $nth sends nothing twice',
  async (crash) => {
    await world.register({ repeatable: false, timeoutMs: 5000 });
    await world.send(4);
    expect((await deliverer(0, crash)).signal).toBe('SIGKILL');
    const permitStands = (await world.queue())?.sending !== null;
    expect(JSON.parse((await deliverer(0, null)).said)).toMatchObject(
      permitStands ? { delivered: 0, stopped: 'busy' } : { waiting: 0 },
    );
    if (permitStands) await deliverer(1, null);

    const arrived = world.receiver.arrivals.map(({ sequence }) => sequence);
    expect(arrived).toEqual(withoutRepeated(world.receiver.arrivals).map(({ sequence }) => sequence));
    expect(arrived).toEqual(arrived.toSorted((a, b) => a - b));
    const states = await world.states();
    expect(states.filter((state) => state === 'in_doubt')).toHaveLength(permitStands ? 1 : 0);
    // Whatever is said to be delivered was; what did not arrive is among the dead letters.
    for (const [index, state] of states.entries()) {
      if (state === 'delivered') expect(arrived).toContain(index + 1);
      else expect(state).toBe('in_doubt');
    }
  },
  60_000,
);

test('what kills every deliverer is dead after ten of them, and the others are delivered', async () => {
  await world.register({ timeoutMs: 5000 });
  await world.send(3);
  const second = { step: 'after post', nth: 2 } as const;
  expect((await deliverer(0, second)).signal).toBe('SIGKILL');
  // As ten that died over it would have left it.
  const queue = await world.queue();
  await world.backend.firestore
    .doc(`muster_connectorQueues/${CONNECTOR}`)
    .update({ sending: { ...queue.sending, from: 1, upTo: 1, tries: 10 } });
  await deliverer(1, null);
  expect(await world.states()).toEqual(['in_doubt', 'delivered', 'delivered']);
});

/** Several callers at once, each of which tries again when it is told to. */
const queuedBy = async (callers: number, each: number, times: number): Promise<void> => {
  await Promise.all(
    upTo(callers).map(async (caller) => {
      for (let turn = 0; turn < times; turn += 1) {
        const writes = upTo(each).map((index) => ({ kind: 'issue', content: { caller, turn, index } }));
        const send = () =>
          world.backend.run(sendToConnector, { connectorId: CONNECTOR, writes }, as('staff', `uid-${caller}`));
        const refused = (error: { code?: unknown }) => error;
        for (let answer: object; 'code' in (answer = await send().catch(refused));)
          expect(answer.code).toBe('CONTENTION');
      }
    }),
  );
};

const stored = async (field: string): Promise<unknown[]> =>
  (await world.backend.firestore.collection('muster_connectorWrites').get()).docs.map(
    (one) => one.get(field) as unknown,
  );
