/** Sealers that die at each step, four at once, with clocks that disagree by a minute, while thousands of entries come. */
import { spawn, type ChildProcess } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { entryNumbered, expectLogWhole, seal, writeEntries, type CrashPoint } from '../../../../test/audit-log';
import { CHILD_PROGRAM } from '../../../../test/processes/child-program';
import { newBackend, START, type Backend } from '../../../../test/harness';
import { proofSize } from '../../../../test/proof-size';
import type { SealerOrder } from '../../../../test/processes/sealer-process';

const ROOT = join(__dirname, '../../../../..');
const PROGRAM = join(ROOT, '.muster', `sealer-${process.pid}.js`);
/** Each commit of a sealer takes 200, so that 3,000 are fifteen commits for which four sealers race, of which four at least must die. */
const COUNT = proofSize({ test: 3_000, whole: 10_000 });

let backend: Backend;
beforeAll(async () => {
  await build({
    entryPoints: [join(ROOT, 'functions/test/processes/sealer-process.ts')],
    outfile: PROGRAM,
    ...CHILD_PROGRAM,
  });
});
afterAll(() => rmSync(PROGRAM, { force: true }));
beforeEach(async () => {
  backend = await newBackend();
});
afterEach(() => backend.close());

interface Ended {
  signal: string | null;
  said: string;
}

const sealer = (order: Omit<SealerOrder, 'projectId'>): { child: ChildProcess; ended: Promise<Ended> } => {
  const asked: SealerOrder = { projectId: backend.projectId, ...order };
  const child = spawn(process.execPath, [PROGRAM, JSON.stringify(asked)], { stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString('utf8')));
  return { child, ended: new Promise((ended) => child.on('close', (_, signal) => ended({ signal, said }))) };
};

const CRASH_POINTS: CrashPoint[] = ['before reading', 'before commit', 'after commit'];

test.each(CRASH_POINTS.flatMap((step) => [1, 2].map((nth) => [step, nth] as const)))(
  'killed %s, the %s. time, and then another: each entry is sealed once',
  async (step, nth) => {
    await writeEntries(
      backend,
      Array.from({ length: 450 }, (_, index) => entryNumbered(index)),
    );
    expect((await sealer({ aheadMs: 0, crash: { step, nth } }).ended).signal).toBe('SIGKILL');
    const before = await expectLogWhole(backend);
    expect([0, 200, 400, 450]).toContain(before);
    await seal(backend);
    expect(await expectLogWhole(backend)).toBe(450);
  },
  60_000,
);

test(`${COUNT} entries in a burst, four sealers at once, killed again and again: each is sealed exactly once`, async () => {
  const began = performance.now();
  const bursts = Array.from({ length: 10 }, (_, burst) =>
    Array.from({ length: COUNT / 10 }, (_unused, index) => {
      const number = (burst * COUNT) / 10 + index;
      // The clocks of those who write disagree too.
      return entryNumbered(number, new Date(START.getTime() + ((number % 3) - 1) * 60_000));
    }),
  );
  let written = false;
  const writing = (async () => {
    for (const burst of bursts) await writeEntries(backend, burst);
    written = true;
  })();
  let kills = 0;
  const lane = async (turn: number): Promise<void> => {
    for (let round = 0; ; round += 1) {
      const nth = 1 + ((turn * 7 + round * 3) % 5);
      const step = CRASH_POINTS[(turn + round) % CRASH_POINTS.length] as CrashPoint;
      const crash = round < 3 ? { step, nth } : null;
      const over = written;
      const { signal } = await sealer({ aheadMs: (turn - 1.5) * 40_000, crash }).ended;
      if (signal === 'SIGKILL') kills += 1;
      else if (over) return;
    }
  };
  await Promise.all([writing, ...[0, 1, 2, 3].map(lane)]);
  await seal(backend);
  const tookMs = Math.round(performance.now() - began);
  expect(await expectLogWhole(backend)).toBe(COUNT);
  expect(kills).toBeGreaterThanOrEqual(4);
  process.stdout.write(`${COUNT} entries, four sealers, ${kills} kills: ${tookMs} ms\n`);
});
