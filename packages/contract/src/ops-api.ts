/** The HTTP API: what existing clients call under `/api`. */
import * as z from 'zod';
import {
  formerDecision,
  formerExecution,
  formerProposal,
  listProposals,
  proposalView,
  reopenProposal,
  requestProposal,
} from './proposals';
import { auditRow } from './audit/entry';
import { signedNote } from './audit/log';
import { connectorHealth } from './connectors';
import { httpOperations } from './http-operations';
import { drillRow, recordDrillStatus } from './drills';
import { operations } from './operations';
import { repeated } from './repeated';
import { enterDegraded, exitDegraded, recordDegraded, setKillSwitch } from './policy';
import { queryAudit } from './audit/entry';

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

/** 403 of `POST /api/capabilities/proposals`: the delegation does not hold. */
export const delegationRefusal = refusal.extend({ reasonCode: z.string() });

/** 429, of every route: too many; `Retry-After` says the same number of seconds. */
export const tooManyRefusal = refusal.extend({
  reasonCode: z.literal('RATE_LIMITED'),
  retryAfterSeconds: z.int().min(1),
});

/** 409 of the routes of a proposal: a restriction stands against it. `cause` is the guard's reason. */
export const decisionRefusal = refusal.extend({
  decision: z.strictObject({ reasonCode: z.literal('BLOCKED_BY_POLICY'), cause: z.string() }),
});

const decided = operations['proposals-approve'].response.extend({ ok });

/** Statuses that have a shape of their own beside `refusal`. */
const guardedRefusals = { 403: delegationRefusal, 409: decisionRefusal };

/** What `GET /api/capabilities/audit` answers. */
export const CAPABILITY_ACTIONS = 'capability.';

/** Every route, by method and path. `requestId` comes in the header `Idempotency-Key`, not in the body. */
export const routes = {
  'POST /api/ops/drills': {
    summary: httpOperations['ops-recordDrillStatus'].summary,
    body: recordDrillStatus.request.omit({ requestId: true }),
    response: httpOperations['ops-recordDrillStatus'].response.extend({ ok }),
  },
  'GET /api/ops/drills': {
    summary: httpOperations['ops-listDrillRows'].summary,
    query: z.strictObject({ limit: limitParameter }),
    response: z.strictObject({ ok, rows: z.array(drillRow) }),
  },
  'POST /api/ops/degraded': {
    summary: httpOperations['ops-recordDegraded'].summary,
    body: recordDegraded.omit({ requestId: true }),
    response: z.union([
      enterDegraded.response.extend({ ...repeated, ok }),
      exitDegraded.response.extend({ ...repeated, ok }),
    ]),
  },
  'GET /api/ops/audit': {
    summary: 'Audit entries by any action prefix, newest first.',
    query: z.strictObject({
      limit: limitParameter,
      actionPrefix: queryAudit.request.shape.actionPrefix.default(DEFAULT_ACTION_PREFIX),
    }),
    response: z.strictObject({ ok, rows: z.array(auditRow) }),
  },
  'POST /api/capabilities/policy/kill-switch': {
    summary: httpOperations['capabilities-setKillSwitch'].summary,
    body: setKillSwitch.request.omit({ requestId: true }),
    response: httpOperations['capabilities-setKillSwitch'].response.extend({ ok }),
  },
  'POST /api/capabilities/proposals': {
    summary: 'Propose something that staff must approve. Answers 201.',
    /** In our words, or in those of clients of before. */
    body: z.union([requestProposal.request.omit({ requestId: true }), formerProposal]),
    status: 201,
    response: operations['proposals-request'].response.extend({ ok }),
    refusals: guardedRefusals,
  },
  'GET /api/capabilities/proposals': {
    summary: operations['proposals-list'].summary,
    query: z.strictObject({ limit: limitParameter, status: listProposals.request.shape.status }),
    response: z.strictObject({ ok, proposals: z.array(proposalView) }),
  },
  'POST /api/capabilities/proposals/{id}/approve': {
    summary: operations['proposals-approve'].summary,
    body: formerDecision,
    response: decided,
    refusals: guardedRefusals,
  },
  'POST /api/capabilities/proposals/{id}/reject': {
    summary: operations['proposals-reject'].summary,
    body: formerDecision,
    response: decided,
    refusals: guardedRefusals,
  },
  'POST /api/capabilities/proposals/{id}/execute': {
    summary: operations['proposals-execute'].summary,
    body: formerExecution,
    response: decided,
    refusals: guardedRefusals,
  },
  'POST /api/capabilities/proposals/{id}/reopen': {
    summary: operations['proposals-reopen'].summary,
    body: reopenProposal.request.omit({ proposalId: true, requestId: true }),
    response: decided,
    refusals: guardedRefusals,
  },
  'GET /api/capabilities/audit': {
    summary: 'Audit entries of capabilities, newest first.',
    query: z.strictObject({ limit: limitParameter }),
    response: z.strictObject({ ok, rows: z.array(auditRow) }),
  },
  'GET /api/audit/log/checkpoint': {
    summary: 'The newest signed head of the audit log, as C2SP tlog-tiles serves it.',
    query: z.strictObject({}),
    content: 'text/plain; charset=utf-8',
    response: signedNote,
  },
  'GET /api/audit/log/tile/{+tile}': {
    summary: 'Hashes of the audit log, as C2SP tlog-tiles serves them: `<L>/<N>[.p/<W>]`. 404 beyond the tree.',
    query: z.strictObject({}),
    content: 'application/octet-stream',
    response: z.string(),
  },
  'GET /api/connectors/health': {
    summary: 'What was found of each connector last; asks nobody.',
    query: z.strictObject({}),
    response: connectorHealth.response.extend({ ok }),
  },
} as const;

/** Routes that anyone may call: they say no more than what a load balancer needs. */
export const openRoutes = {
  'GET /api/healthz': { summary: 'The function runs.', response: z.strictObject({ ok, version: z.string() }) },
  'GET /api/readyz': { summary: 'The function reaches Firestore.', response: z.strictObject({ ok }) },
} as const;
