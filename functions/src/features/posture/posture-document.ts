import * as z from 'zod';
import { controlState, controlView } from '@muster/contract/posture';
import { documentAt } from '@muster/core/storage/documents';
import { paths } from '@muster/core/storage/paths';

/** One control, as its last run left it. */
export const controlRecord = z.strictObject({
  state: controlState,
  lastRunAt: z.date(),
  lastProvenAt: z.date().nullable(),
  finding: z.string().nullable(),
  latencies: controlView.shape.latencies,
});
export type ControlRecord = z.infer<typeof controlRecord>;

/**
 * `muster_posture/current`: every control by its name. Read as it is stored: a record that is damaged must keep nobody from
 * reading the others, nor the next run from writing it again.
 */
export const postureAt = () => documentAt(paths.posture(), z.looseObject({}));

/** All that is stored, each control as it is. */
export const controlsIn = (stored: Record<string, unknown> | undefined): Record<string, unknown> =>
  z.record(z.string(), z.unknown()).safeParse(stored?.['controls']).data ?? {};
