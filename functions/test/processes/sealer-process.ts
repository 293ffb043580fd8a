/**
 * A sealer in a process of its own, to be killed: it seals until nothing waits, and kills itself (SIGKILL, as a lost machine
 * would) where it is told to. Run as a bundle by seal-crashes.emulator.test.ts.
 */
import { seal, steppingThrough, type CrashPoint } from '../audit-log';
import { newBackend } from '../harness';

export interface SealerOrder {
  projectId: string;
  /** By how much its clock is ahead, or behind. */
  aheadMs: number;
  /** Where it dies: at this step, when it comes to it for the nth time. */
  crash: { step: CrashPoint; nth: number } | null;
}

const order = JSON.parse(process.argv[2] ?? '') as SealerOrder;
let left = order.crash?.nth ?? 0;
const at = (step: CrashPoint): void => {
  if (order.crash?.step !== step) return;
  left -= 1;
  if (left === 0) process.kill(process.pid, 'SIGKILL');
};

void (async () => {
  const backend = await newBackend({ projectId: order.projectId, installed: false, around: steppingThrough(at) });
  backend.deps.clock = () => new Date(Date.now() + order.aheadMs);
  const sum = { sealed: 0, commits: 0 };
  for (;;) {
    const { sealed, commits, left: more } = await seal(backend);
    sum.sealed += sealed;
    sum.commits += commits;
    if (!more) break;
  }
  process.stdout.write(JSON.stringify(sum));
  await backend.close();
})();
