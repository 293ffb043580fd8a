import { changed } from '../../platform/operations/change';
import type { BoundedQuery } from '@muster/core/storage/documents';
import type { JobContext } from '../../platform/operations/job';
import { collections, logicalName } from '@muster/core/storage/paths';
import { refusalCount, refusedSubject, type RefusalCount } from '@muster/guard/refusal-counter';

/** A minute is closed when nobody can still be counting in it. */
const SETTLED_MS = 2 * 60_000;
/** In one page; a run goes on until there are no more. */
const PAGE = 100;

/** By what was refused first, as the entry of the first says. */
const subjectOf = ({ reason, byCapability }: RefusalCount) =>
  refusedSubject({ reason, capability: Object.keys(byCapability)[0] ?? '' });

/** Tells the audit how many calls were refused in each closed minute that had more than one. Answers how many minutes. */
export const closeRefusals = async ({ now, changeEach }: JobContext): Promise<number> => {
  const query: BoundedQuery<RefusalCount> = {
    collection: collections.refusals,
    schema: refusalCount,
    where: [
      { field: 'uncounted', is: '==', value: true },
      { field: 'minute', is: '<', value: new Date(now.getTime() - SETTLED_MS) },
    ],
    orderBy: [{ field: 'minute', direction: 'asc' }],
    limit: PAGE,
  };
  const tally = await changeEach(query, async (work, address, counted) => {
    work.write(address, { ...counted, uncounted: false });
    return changed(true, {
      action: `${subjectOf(counted)}.refusals_counted`,
      target: logicalName(address.path),
      outcome: 'refused',
      metadata: {
        caller: counted.caller,
        reason: counted.reason,
        minute: counted.minute.toISOString(),
        count: counted.count,
        byCapability: counted.byCapability,
      },
    });
  });
  return tally.changed;
};
