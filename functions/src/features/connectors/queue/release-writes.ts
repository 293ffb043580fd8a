import { changed, unchanged } from '../../../platform/operations/change';
import { defineChange } from '../../../platform/operations/define-change';
import { logicalName, paths } from '@muster/core/storage/paths';
import type { Work } from '@muster/core/storage/work';
import { secondPerson } from '../../policy/for-others/second-person';
import { connectorAsStored } from '../connector-document';
import { heldAfter, heldIn } from './queue';
import { queueAt, type ConnectorQueue, type Hold } from './queue-document';
import { movedOn, notYoursToSend } from './queue-errors';
import { registered } from './sendable';
import { senderOf, waitingAfter } from './write-document';

/** Looked at, when who changed the destination releases what they queued themselves: the rest is for the next call. */
const MOST_OWN = 50;

/**
 * `connectors-release`. Never forbidden by policy: what is released is guarded write by write when it is delivered. Reads
 * revocation, connector and queue, and the first writes that are held where the caller changed the destination; writes the
 * queue and the entry.
 */
export const releaseWrites = defineChange('connectors-release', {
  guarded: false,
  cost: { reads: 4 + MOST_OWN, writes: 2 },
  reads: ({ connectorId }) => [connectorAsStored(connectorId), queueAt(connectorId)],
  async decide({ work, actor, roles, now, limits }, { connectorId, deliverTo, reason, breakGlass }) {
    const connector = await registered(work, connectorId);
    if (connector.deliverTo !== deliverTo) throw movedOn(connector.deliverTo);
    const queue = await work.read(queueAt(connectorId));
    if (!queue?.held || heldIn(queue) === 0) return unchanged({ changed: false, released: 0, held: 0, end: null });
    const { held } = queue;
    const asking = { by: actor.id, roles, at: now, breakGlass: breakGlass ?? false };
    const end = held.by === actor.id && secondPerson(limits.twoPersons, null, asking);
    const upTo = end === 'ask' ? await ownUpTo(work, connectorId, held, actor.id) : held.upTo;
    if (upTo === held.after) throw notYoursToSend();

    const after: ConnectorQueue = { ...queue, held: heldAfter(held, upTo) };
    work.write(queueAt(connectorId), after);
    const left = heldIn(after);
    const released = heldIn(queue) - left;
    const broken = end === 'break_glass';
    return changed(
      { changed: true, released, held: left, end: broken ? ('break_glass' as const) : null },
      {
        action: 'connectors.released',
        target: logicalName(paths.connectorQueue(connectorId)),
        rationale: reason,
        metadata: {
          deliverTo,
          movedBy: held.by,
          from: held.after + 1,
          upTo,
          released,
          ...(broken ? { breakGlass: true } : {}),
        },
      },
    );
  },
  afterwards: async ({ log }, { end, released }) => {
    if (end === 'break_glass') log.critical('what others queued was released by breaking the glass', { released });
  },
});

/** How far from the first that is held all were queued by this person, as far as was looked. */
const ownUpTo = async (work: Pick<Work, 'find'>, connectorId: string, held: Hold, uid: string): Promise<number> => {
  const found = await work.find(waitingAfter(connectorId, held.after, MOST_OWN));
  const other = found.findIndex(({ data }) => senderOf(data) !== uid);
  const own = other === -1 ? found : found.slice(0, other);
  return Math.min(own.at(-1)?.data.sequence ?? held.after, held.upTo);
};
