import * as z from 'zod';
import { severity } from '../../contract/values';
import { documentAt } from '../../../../guard/src/documents';
import { paths } from '../../../../guard/src/paths';
import type { Work } from '../../../../guard/src/work';

/** `incidents/{id}` of a kill that could not be stored. */
export const incidentDocument = z.strictObject({
  kind: z.literal('containment_incomplete'),
  status: z.enum(['open', 'contained']),
  severity,
  /** Never true: a drill's records are kept apart (law 7). */
  exercise: z.literal(false),
  title: z.string(),
  capability: z.string(),
  startedAt: z.date(),
  detectedAt: z.date(),
  containedAt: z.date().nullable(),
  openedBy: z.string(),
});

export const incidentAt = (id: string) => documentAt(paths.incident(id), incidentDocument);

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
  });
  return failed.incident;
};
