/** The HTTP API: what existing clients call under `/api`. */
import * as z from 'zod';
import { auditRow } from './audit';
import { drillRow, recordDrillStatus } from './drills';
import { enterDegraded, exitDegraded, recordDegraded } from './policy';
import { queryAudit } from './audit';

/** `?limit=`: a text that is a whole number from 1 to 200. */
const limitParameter = z
  .string()
  .regex(/^[0-9]{1,3}$/u, 'a whole number from 1 to 200')
  .transform(Number)
  .pipe(z.int().min(1, 'a whole number from 1 to 200').max(200, 'a whole number from 1 to 200'))
  .default(50);

/** What `GET /api/ops/audit` answers without `?actionPrefix=`. */
export const DEFAULT_ACTION_PREFIX = 'studio_ops.';

const ok = z.literal(true);

/** Refusals of the HTTP API: a sentence for people, a code and a reason for programs. */
export const refusal = z.strictObject({
  ok: z.literal(false),
  message: z.string(),
  code: z.string(),
  details: z.looseObject({ reason: z.string() }),
});

/** Every route, by method and path. `requestId` comes in the header `Idempotency-Key`, not in the body. */
export const routes = {
  'POST /api/ops/drills': {
    summary: 'Record a status of a drill by its scenario.',
    body: recordDrillStatus.request.omit({ requestId: true }),
    response: recordDrillStatus.response.extend({ ok }),
  },
  'GET /api/ops/drills': {
    summary: 'Recorded statuses of drills, newest first.',
    query: z.strictObject({ limit: limitParameter }),
    response: z.strictObject({ ok, rows: z.array(drillRow) }),
  },
  'POST /api/ops/degraded': {
    summary: 'Enter or end a degraded mode.',
    body: recordDegraded.omit({ requestId: true }),
    response: z.union([enterDegraded.response.extend({ ok }), exitDegraded.response.extend({ ok })]),
  },
  'GET /api/ops/audit': {
    summary: 'Audit entries by any action prefix, newest first.',
    query: z.strictObject({
      limit: limitParameter,
      actionPrefix: queryAudit.request.shape.actionPrefix.default(DEFAULT_ACTION_PREFIX),
    }),
    response: z.strictObject({ ok, rows: z.array(auditRow) }),
  },
} as const;

/** Routes that anyone may call: they say no more than what a load balancer needs. */
export const openRoutes = {
  'GET /api/healthz': { summary: 'The function runs.', response: z.strictObject({ ok, version: z.string() }) },
  'GET /api/readyz': { summary: 'The function reaches Firestore.', response: z.strictObject({ ok }) },
} as const;
