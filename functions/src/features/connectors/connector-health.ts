import * as z from 'zod';
import { capabilityOf } from '@muster/contract/connectors';
import type { ResponseOf } from '@muster/contract/operations';
import { defineRead } from '../../platform/operations/define-read';
import { documentAt, type Stored } from '@muster/core/storage/documents';
import { restrictionsOf, type PolicyDocument } from '@muster/guard/policy-document';
import { collections, paths } from '@muster/core/storage/paths';
import type { Work } from '@muster/core/storage/work';
import { asStored, connectorDocument, type ConnectorDocument } from './connector-document';
import { toFindings } from './connector-view';
import { offlineSinceIn, policyIn } from './offline';
import { heldIn } from './queue/queue';
import { connectorQueue, EMPTY_QUEUE } from './queue/queue-document';

type Row = ResponseOf<'connectors-health'>['connectors'][number];

/**
 * `connectors-health`, and `GET /api/connectors/health`: revocation, policy, the connectors and their queues, as stored. It
 * asks nobody, so nobody slows it.
 */
export const connectorHealth = defineRead('connectors-health', {
  cost: { reads: 3, writes: 0, readsPerRow: 2 },
  async answer({ work, now }, { limit }) {
    const [policy, found] = await Promise.all([
      policyIn(work),
      work.find({ collection: collections.connectors, schema: asStored, where: [], orderBy: [], limit }),
    ]);
    const queued = await queuedOf(work, found);
    const connectors = found.map(({ id, data }, index): Row => {
      const parsed = connectorDocument.safeParse(data).data;
      const counts = queued[index];
      if (!parsed || !counts) return { ...DAMAGED, id, name: parsed?.name ?? id, ...(counts ?? NOTHING_QUEUED) };
      const offlineSince = offlineSinceIn(policy, id);
      const state = isPaused(policy, id, now) ? 'paused' : offlineSince ? 'offline' : stateOf(parsed);
      return { id, name: parsed.name, state, ...toFindings(parsed, offlineSince, now), ...counts };
    });
    return { healthy: connectors.every(({ state }) => IS_HEALTHY[state]), connectors };
  },
});

/** What was not asked yet alarms nobody. */
const IS_HEALTHY: Readonly<Record<Row['state'], boolean>> = {
  up: true,
  unknown: true,
  down: false,
  offline: false,
  paused: false,
  damaged: false,
};

/** Nobody asks it, and nobody knows. */
const DAMAGED = {
  state: 'damaged',
  breaker: 'open',
  latencyMs: null,
  lastProbedAt: null,
  lastOkAt: null,
  lastFailure: null,
  offlineSince: null,
} as const;

const NOTHING_QUEUED = { waiting: 0, dead: 0, held: 0 };

const queueCounts = z.looseObject({ waiting: z.int(), dead: z.int() });
const whole = (stored: unknown) => connectorQueue.safeParse(stored).data ?? EMPTY_QUEUE;
const queueAsStored = (id: string) => documentAt(paths.connectorQueue(id), asStored);

/** What waits for each, in the same order; undefined where the record of a queue is damaged. */
const queuedOf = async (work: Pick<Work, 'prefetch' | 'read'>, found: Stored<unknown>[]) => {
  await work.prefetch(found.map(({ id }) => queueAsStored(id)));
  return Promise.all(
    found.map(async ({ id }) => {
      const stored = await work.read(queueAsStored(id));
      if (!stored) return NOTHING_QUEUED;
      const counts = queueCounts.safeParse(stored).data;
      return counts && { waiting: counts.waiting, dead: counts.dead, held: heldIn(whole(stored)) };
    }),
  );
};

/** Without a policy that can be read, nothing may be written. */
const isPaused = (policy: PolicyDocument | undefined, id: string, now: Date): boolean => {
  const write = { name: `${capabilityOf(id)}.write`, class: 'connector_write' as const };
  return !policy || restrictionsOf(policy, write, now).some(({ kind }) => kind !== 'connector_offline');
};

const stateOf = ({ lastProbedAt, lastFailure }: ConnectorDocument) => {
  if (lastProbedAt === null) return 'unknown';
  return lastFailure === null ? 'up' : 'down';
};
