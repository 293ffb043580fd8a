/** What is restricted now: the degraded modes. */
import * as z from 'zod';
import * as v from './values';

/**
 * `read_only` forbids all guarded writes. `degraded` and `offline` (cloud only) are announced: a product's own code
 * honors them; Muster has nothing of its own yet that they forbid.
 */
export const restrictedMode = z.enum(['degraded', 'read_only', 'offline']);
export const mode = z.enum(['normal', ...restrictedMode.options]);
export type Mode = z.infer<typeof mode>;

/** What is on, since when, until when (null: until someone ends it), who entered it and why. */
export const policyView = z.strictObject({
  mode,
  since: v.instant.nullable(),
  until: v.instant.nullable(),
  by: z.string().nullable(),
  reason: z.string().nullable(),
});

export const enterDegraded = {
  request: z.strictObject({
    mode: restrictedMode,
    reason: v.text(1000),
    details: v.text(4000).optional(),
    until: v.instant.optional(),
    requestId: v.requestId.optional(),
  }),
  /** `replaced` names another mode that was on and has ended with this. */
  response: z.strictObject({
    changed: z.literal(true),
    renewed: z.boolean(),
    replaced: restrictedMode.nullable(),
    policy: policyView,
  }),
};

export const exitDegraded = {
  request: z.strictObject({
    mode: restrictedMode.optional(),
    reason: v.text(1000).optional(),
    details: v.text(4000).optional(),
    requestId: v.requestId.optional(),
  }),
  response: z.strictObject({ changed: z.boolean(), message: z.string(), policy: policyView }),
};

export const getPolicy = {
  request: z.strictObject({}),
  response: z.strictObject({ policy: policyView }),
};

/** `POST /api/ops/degraded`: the fields existing clients post. */
export const recordDegraded = z.strictObject({
  status: z.enum(['entered', 'exited']),
  mode: restrictedMode,
  reason: v.text(1000).optional(),
  details: v.text(4000).optional(),
  rationale: v.text(1000).optional(),
  requestId: v.requestId.optional(),
});
