/**
 * A deliverer in a process of its own, to be killed: it delivers until nothing waits, and kills itself (SIGKILL, as a lost
 * machine would) where it is told to. Run as a bundle by crashes.emulator.test.ts.
 */
import { as, newBackend } from '../harness';
import { courierTo, type CourierReach } from './receiver';
import type { CommitProtocol } from '@muster/core/storage/store';
import type { Courier } from '../../src/platform/adapters/courier';
import { deliverToConnector } from '../../src/features/connectors';

/** Where it dies: at this step, when it comes to it for the nth time. */
export interface Crash {
  step: 'before commit' | 'after commit' | 'before post' | 'after post';
  nth: number;
}

export interface Order {
  projectId: string;
  connectorId: string;
  reach: CourierReach;
  /** By how much its clock is ahead: leases of those before it have run out by then. */
  aheadMs: number;
  crash: Crash | null;
}

const order = JSON.parse(process.argv[2] ?? '') as Order;
let left = order.crash?.nth ?? 0;
const at = (step: Crash['step']): void => {
  if (order.crash?.step !== step) return;
  left -= 1;
  if (left === 0) process.kill(process.pid, 'SIGKILL');
};

const mortal = (protocol: CommitProtocol): CommitProtocol => ({
  source: protocol.source,
  async within(use) {
    let commits = false;
    const result = await protocol.within(async (source) => {
      const used = await use(source);
      commits = used.writes.length > 0;
      if (commits) at('before commit');
      return used;
    });
    if (commits) at('after commit');
    return result;
  },
});

const mortalCourier = (courier: Courier): Courier => ({
  async post(target, message) {
    at('before post');
    const result = await courier.post(target, message);
    at('after post');
    return result;
  },
});

void (async () => {
  const backend = await newBackend({ projectId: order.projectId, installed: false, around: mortal });
  backend.deps.clock = () => new Date(Date.now() + order.aheadMs);
  backend.deps.courier = () => mortalCourier(courierTo(order.reach));
  const drained = await backend.run(
    deliverToConnector,
    { connectorId: order.connectorId },
    as('staff', `uid-ahead-${order.aheadMs}`),
  );
  process.stdout.write(JSON.stringify({ ...drained, spent: backend.costs.at(-1)?.spent }));
  await backend.close();
})();
