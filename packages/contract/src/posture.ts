/** Posture: what was proven of each control, and how long ago. */
import * as z from 'zod';
import * as v from './values';

export const control = z.enum(['armed-switch']);

/**
 * What the last run that could tell has shown: `proven`, or `failed`: it does not hold. `not_run`: no run could tell yet. A run
 * that could not tell leaves the state as it was, and says why in `finding`.
 */
export const controlState = z.enum(['proven', 'failed', 'not_run']);

/** One control as last tried. Milliseconds; null where nothing was measured. */
export const controlView = z.strictObject({
  control,
  state: controlState,
  lastRunAt: v.instant.nullable(),
  lastProvenAt: v.instant.nullable(),
  /** Time since the last proof; null when there is none. */
  sinceProofMs: z.int().nullable(),
  /** Whether the last proof is older than it may be (two hours), or the last run failed. */
  stale: z.boolean(),
  /** Which brake did not hold, or why nothing could be told. */
  finding: z.string().nullable(),
  latencies: z
    .strictObject({
      /** From the kill's call to its acknowledgment. */
      killMs: z.int(),
      /** From the acknowledgment to the refusal by the rules, and by the guard. */
      rulesMs: z.int(),
      guardMs: z.int(),
      restoreMs: z.int(),
    })
    .nullable(),
});
export type ControlView = z.infer<typeof controlView>;

export const getPosture = {
  request: z.strictObject({}),
  response: z.strictObject({ controls: z.array(controlView) }),
};
