/** Opens an incident in the unit of work of whoever has to tell of one. */
import * as z from 'zod';
import type { Work } from '@muster/core/storage/work';
import { incidentAt, incidentDocument } from '../incident-document';

/**
 * Stages the incident of attempts that failed since a time, once; answers its id. One that is contained stays as it is,
 * and so does an open one that is opened again: each attempt that failed tells of it, in its own time.
 */
export const openIncident = async (
  work: Work,
  failed: { since: Date; incident: string },
  { capability, by, now, contained }: { capability: string; by: string; now: Date; contained: boolean },
): Promise<string> => {
  const address = incidentAt(failed.incident);
  // One that is damaged must keep nobody from killing: it is written anew.
  const stored = await work.read({ ...address, schema: z.unknown() });
  const before = incidentDocument.safeParse(stored).data;
  if (before && (before.status === 'contained' || !contained)) return failed.incident;
  work.write(address, {
    version: 1,
    kind: 'containment_incomplete',
    status: contained ? 'contained' : 'open',
    severity: 'P0',
    exercise: false,
    title: `Killing ${capability === '*' ? 'everything' : capability} could not be stored`,
    capability,
    startedAt: before?.startedAt ?? failed.since,
    detectedAt: before?.detectedAt ?? now,
    containedAt: contained ? now : null,
    openedBy: before?.openedBy ?? by,
    owner: before?.owner ?? by,
  });
  return failed.incident;
};
