import { bulkhead } from 'cockatiel';
import { errorFields } from '@muster/core/log';
import type { JobContext } from '../../../platform/operations/job';
import { deliverWaiting } from './deliver-waiting';
import { hasWork } from './queue';
import { connectorQueue, queueAsStored } from './queue-document';

/** So many connectors are delivered to at once: one that answers slowly holds up none of the others. */
const AT_ONCE = 5;

/**
 * Delivers to every connector for which something waits, until `endsAt`. Each has its share of the time that is left, and
 * another begins each minute: however slowly some answer, all come to their turn. One that fails is in the log.
 */
export const deliverAll = async (
  context: JobContext,
  connectorIds: readonly string[],
  endsAt: number,
): Promise<{ delivered: number; dead: number }> => {
  const total = { delivered: 0, dead: 0 };
  const { now, clock, log, read } = context;
  const work = read();
  await work.prefetch(connectorIds.map(queueAsStored));
  const busy = connectorIds.filter((id) => {
    const stored = work.seen(queueAsStored(id));
    const queue = connectorQueue.safeParse(stored).data;
    if (stored && !queue) log.error('the record of a queue is not what it should be', { connector: id });
    return queue !== undefined && hasWork(queue);
  });
  const first = (Math.floor(now.getTime() / 60_000) * AT_ONCE) % Math.max(1, busy.length);
  const inTurn = [...busy.slice(first), ...busy.slice(0, first)];
  const atOnce = bulkhead(AT_ONCE, busy.length);
  let left = busy.length;
  await Promise.all(
    inTurn.map((id) =>
      atOnce.execute(async () => {
        const share = (endsAt - clock().getTime()) / Math.ceil(left / AT_ONCE);
        left -= 1;
        try {
          const drained = await deliverWaiting(context, id, share);
          total.delivered += drained.delivered;
          total.dead += drained.dead;
        } catch (error) {
          log.error('what waits for a connector could not be delivered', { connector: id, ...errorFields(error) });
        }
      }),
    ),
  );
  return total;
};
