/** A connector with a queue and a receiver, and what a test asks of them. */
import { as, newBackend, START, type Backend, type BackendOptions } from './harness';
import { openReceiver, type Receiver } from './processes/receiver';
import { NORMAL, type PolicyDocument } from '@muster/guard/policy-document';
import type { CommitProtocol } from '@muster/core/storage/store';
import type { RequestOf, ResponseOf } from '@muster/contract/operations';
import {
  deliverToConnector,
  discardWrites,
  listConnectorWrites,
  pauseConnector,
  registerConnector,
  sendToConnector,
} from '../src/features/connectors';
import type { ConnectorQueue } from '../src/features/connectors/queue/queue-document';

export const CONNECTOR = 'github';

export interface QueueWorld {
  backend: Backend;
  receiver: Receiver;
  /** The paths of each commit, in this order. */
  commits: string[][];
  register(put?: Partial<RequestOf<'connectors-register'>>): Promise<unknown>;
  send(count: number, uid?: string): Promise<ResponseOf<'connectors-send'>>;
  deliver(): Promise<ResponseOf<'connectors-deliver'>>;
  pause(): Promise<unknown>;
  discard(): Promise<ResponseOf<'connectors-discard'>>;
  policy(put: Partial<PolicyDocument>): Promise<unknown>;
  queue(): Promise<ConnectorQueue>;
  /** `status`, or why it is dead, of each write in order. */
  states(): Promise<string[]>;
  /** The numbers of what has arrived at the receiver, as they came. */
  sequences(): number[];
  close(): Promise<void>;
}

const HALTING = 'it writes what nobody asked for';

/** The numbers of a queue from its first write. */
export const upTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);

export const OUT: Partial<PolicyDocument> = {
  offline: { [CONNECTOR]: { since: START, reason: 'three failures in a row', activation: null } },
};

export const queueWorld = async (options: BackendOptions = {}): Promise<QueueWorld> => {
  const commits: string[][] = [];
  const backend = await newBackend({
    ...options,
    around: (protocol) => recording(options.around?.(protocol) ?? protocol, commits),
  });
  const receiver = await openReceiver();
  backend.deps.courier = () => receiver.courier;
  return {
    backend,
    receiver,
    commits,
    register: (put = {}) =>
      backend.run(registerConnector, {
        connectorId: CONNECTOR,
        name: 'GitHub',
        url: 'https://status.example.com/ping',
        deliverTo: receiver.url,
        ...put,
      }),
    send: (count, uid) =>
      backend.run(
        sendToConnector,
        {
          connectorId: CONNECTOR,
          writes: Array.from({ length: count }, (_, index) => ({ kind: 'issue', content: { index } })),
        },
        as('staff', uid),
      ),
    deliver: () => backend.run(deliverToConnector, { connectorId: CONNECTOR }),
    pause: () => backend.run(pauseConnector, { connectorId: CONNECTOR, reason: HALTING }),
    discard: () => backend.run(discardWrites, { connectorId: CONNECTOR, reason: HALTING }),
    policy: (put) => backend.firestore.doc('muster_policy/current').set({ ...NORMAL, ...put }),
    async queue() {
      return (await backend.firestore.doc(`muster_connectorQueues/${CONNECTOR}`).get()).data() as ConnectorQueue;
    },
    async states() {
      const { writes } = await backend.run(listConnectorWrites, { connectorId: CONNECTOR, limit: 200 });
      return writes.toSorted((a, b) => a.sequence - b.sequence).map(({ status, deadReason }) => deadReason ?? status);
    },
    sequences: () => receiver.arrivals.map(({ sequence }) => sequence),
    async close() {
      receiver.close();
      await backend.close();
    },
  };
};

/** Law 1 of every commit: one entry. And the counts of the queue are those of its writes, whatever happened. */
export const expectQueueLawsKept = async (world: QueueWorld): Promise<void> => {
  for (const paths of world.commits) expect(paths.filter((path) => path.startsWith('muster_audit/'))).toHaveLength(1);
  expect(world.receiver.wrong).toEqual([]);
  const queue = await world.queue();
  const written = world.backend.firestore.collection('muster_connectorWrites').where('connectorId', '==', CONNECTOR);
  const { docs } = await written.get();
  const waiting = docs.filter((one) => one.get('status') === 'waiting' && one.get('sequence') > queue.discardedUpTo);
  if (queue.sending === null) expect(queue.waiting).toBe(waiting.length);
};

const recording = (protocol: CommitProtocol, commits: string[][]): CommitProtocol => ({
  source: protocol.source,
  within: (use) =>
    protocol.within(async (source) => {
      const used = await use(source);
      if (used.writes.length > 0) commits.push(used.writes.map(({ path }) => path));
      return used;
    }),
});

/** After each test, whatever it did: the laws of the queue hold. */
export const closeAsItMustBe = async (world: QueueWorld): Promise<void> => {
  try {
    await expectQueueLawsKept(world);
  } finally {
    await world.close();
  }
};
