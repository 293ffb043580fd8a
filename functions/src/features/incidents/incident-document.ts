import * as z from 'zod';
import { severity } from '@muster/contract/values';
import { documentAt } from '@muster/core/storage/documents';
import { paths } from '@muster/core/storage/paths';

/** `muster_incidents/{id}`: today, a kill that could not be stored. `version` tells shapes apart that come later. */
export const incidentDocument = z.strictObject({
  version: z.literal(1),
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
  /** Who sees to it, until somebody else takes it over: whoever opened it. */
  owner: z.string(),
});

export const incidentAt = (id: string) => documentAt(paths.incident(id), incidentDocument);
