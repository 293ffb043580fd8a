import * as z from 'zod';
import {
  experimentFigures,
  experimentName,
  writesAs,
  experimentStatus,
  scope,
  type ExperimentView,
} from '@muster/contract/chaos';
import type { BoundedQuery } from '@muster/core/storage/documents';
import { documentAt } from '@muster/core/storage/documents';
import { collections, paths } from '@muster/core/storage/paths';

/** `muster_experiments/{id}`: one experiment, from its arming to its end. Its scope and `connectors` name all that it can touch. */
export const experimentDocument = z.strictObject({
  exercise: z.literal(true),
  experiment: experimentName,
  scope,
  status: experimentStatus,
  by: z.string(),
  armedAt: z.date(),
  leaseUntil: z.date(),
  /**
   * When a schedule undoes what there is of its scope: the end of its lease while it is armed, then as long as something
   * may be left; null when nothing is. The schedule asks for this alone.
   */
  undoAt: z.date().nullable(),
  endedAt: z.date().nullable(),
  reason: z.string().nullable(),
  drillId: z.string().nullable(),
  connectors: z.int(),
  figures: experimentFigures.nullable(),
  journalDigest: z.string().nullable(),
});
export type Experiment = z.infer<typeof experimentDocument>;

export const experimentAt = (id: string) => documentAt(paths.experiment(id), experimentDocument);

/** `muster_experiments/{id}/muster_writes/{key}`: one write that was let through, by the guard or by security rules. */
const experimentWrite = z.strictObject({
  by: z.string(),
  at: z.date(),
  via: z.enum(['guard', 'rules']),
  as: writesAs.optional(),
  musterExpireAt: z.date(),
});
export const experimentWriteAt = (id: string, key: string) =>
  documentAt(paths.experimentWrite(id, key), experimentWrite);

/** At once, in the whole project. */
export const MOST_ARMED = 5;

/** Those that are armed. Two armings at once write the same document, so there are never more. */
export const armedExperiments = <T>(schema: z.ZodType<T>): BoundedQuery<T> => ({
  collection: collections.experiments,
  schema,
  where: [{ field: 'status', is: '==', value: 'armed' }],
  orderBy: [],
  limit: MOST_ARMED,
});

export const toExperimentView = (id: string, found: Experiment): ExperimentView => ({
  id,
  exercise: true,
  experiment: found.experiment,
  scope: found.scope,
  status: found.status,
  by: found.by,
  armedAt: found.armedAt.toISOString(),
  leaseUntil: found.leaseUntil.toISOString(),
  endedAt: found.endedAt?.toISOString() ?? null,
  reason: found.reason,
  drillId: found.drillId,
  figures: found.figures,
  journalDigest: found.journalDigest,
});
