/** One request for every operation and every route that would be done if its caller were let in. */
import type { OperationName, RequestOf } from '@muster/contract/operations';
import type { routes } from '@muster/contract/ops-api';

/** What the requests are about; it must exist where they are sent. */
export interface Subject {
  scenarioId: string;
  /** A running drill. */
  drillId: string;
  /** A user. */
  uid: string;
}

/** Ids of what need not exist: who may not ask is refused before anyone looks. */
export const NONE = 'none234567abcdefghij';
const WHY = 'asked for by a test, and so without harm';

/** By name as deployed. A new operation does not compile without its line, so no security test can miss it. */
export const validRequests = ({ scenarioId, drillId, uid }: Subject): { [Name in OperationName]: RequestOf<Name> } => ({
  'drills-schedule': {
    scenarioId,
    dueAt: '2199-01-01T00:00:00Z',
    severity: 'P1',
    environment: 'staging',
    participants: [uid],
    roles: { securityLead: uid },
    requestId: 'r-schedule',
  },
  'drills-start': { scenarioId, severity: 'P2', participants: [uid], requestId: 'r-start' },
  'drills-recordEvent': { drillId, type: 'observation', seenBy: uid, note: 'seen', requestId: 'r-record' },
  'drills-complete': {
    drillId,
    outcome: 'success',
    notes: 'done',
    unresolvedRisks: ['one'],
    mttrMinutes: 12,
    attendance: { invited: 3, attended: 2 },
    checks: { total: 3, passed: 2 },
    requestId: 'r-complete',
  },
  'drills-cancel': { drillId, reason: 'called off', requestId: 'r-cancel' },
  'drills-get': { drillId },
  'drills-list': { scenarioId, status: 'in_progress', overdue: false, from: '2020-01-01T00:00:00Z', limit: 10 },
  'policy-enterDegraded': {
    mode: 'degraded',
    reason: `asked by ${uid}`,
    details: 'more',
    until: '2199-01-01T00:00:00Z',
    requestId: 'r-enter',
  },
  'policy-exitDegraded': { mode: 'offline', reason: `asked by ${uid}`, details: 'more', requestId: 'r-exit' },
  'policy-get': {},
  'policy-kill': {
    capability: 'shipping.commit',
    reason: `${WHY}: ${uid}`,
    until: '2199-01-01T00:00:00Z',
    failedSince: '2020-01-01T00:00:00Z',
    requestId: 'r-kill',
  },
  'policy-restore': { capability: 'shipping.commit', reason: WHY, breakGlass: true, requestId: 'r-restore' },
  'policy-ledger': { kind: 'kill_switch', name: 'shipping.commit', on: true, limit: 10 },
  'delegations-grant': {
    agent: uid,
    capabilities: ['shipping'],
    scope: 'repo:acme/web',
    reason: WHY,
    expiresAt: new Date(Date.now() + 3_600_000).toISOString(),
    requestId: 'r-delegate',
  },
  'delegations-revoke': { delegationId: `dlg_${NONE}`, reason: WHY, requestId: 'r-undelegate' },
  'delegations-list': { owner: uid, agent: uid, limit: 10 },
  'exemptions-grant': {
    owner: uid,
    capability: 'shipping.commit',
    justification: WHY,
    until: new Date(Date.now() + 3_600_000).toISOString(),
    requestId: 'r-exempt',
  },
  'exemptions-revoke': { exemptionId: `exm_${NONE}`, reason: WHY, requestId: 'r-unexempt' },
  'exemptions-list': { owner: uid, capability: 'shipping.commit', limit: 10 },
  'connectors-register': {
    connectorId: 'github',
    name: `for ${uid}`,
    url: 'https://status.example.com/ping',
    deliverTo: 'https://hooks.example.com/muster',
    timeoutMs: 1000,
    failuresToOpen: 2,
    retryAfterSeconds: 30,
    successesToClose: 2,
    offlineAtLeastSeconds: 120,
    repeatable: false,
    requestId: 'r-connect',
  },
  'connectors-health': { limit: 10 },
  'connectors-list': { limit: 10 },
  'connectors-probe': { connectorId: 'none', requestId: 'r-probe' },
  'connectors-pause': { connectorId: 'none', reason: WHY, until: '2199-01-01T00:00:00Z', requestId: 'r-pause' },
  'connectors-resume': { connectorId: 'none', reason: WHY, breakGlass: true, requestId: 'r-resume' },
  'connectors-send': {
    connectorId: 'none',
    // Like the input of a proposal, whatever the product wants to have in it.
    writes: [{ kind: 'issue', content: {} }],
    requestId: 'r-send',
  },
  'connectors-deliver': { connectorId: 'none' },
  'connectors-writes': { connectorId: 'none', status: 'dead', limit: 10 },
  'connectors-redeliver': { writeId: `cwr_${NONE}`, reason: WHY, requestId: 'r-redeliver' },
  'connectors-release': {
    connectorId: 'none',
    deliverTo: 'https://hooks.example.com/muster',
    reason: WHY,
    breakGlass: true,
    requestId: 'r-release',
  },
  'connectors-discard': { connectorId: 'none', reason: WHY, requestId: 'r-discard' },
  'chaos-status': {},
  'chaos-arm': { experiment: 'kill-switch', connectors: 2, drillId, requestId: 'r-arm' },
  'chaos-continue': { experimentId: `exp_${NONE}` },
  'chaos-write': { experimentId: `exp_${NONE}`, key: 'one', as: 'agent', delegation: `dlg_${NONE}`, policy: 'missing' },
  'chaos-finish': {
    experimentId: `exp_${NONE}`,
    status: 'deviated',
    reason: WHY,
    figures: {
      bystanders: { tried: 9, failed: 0 },
      operations: { tried: 9, failed: 3 },
      fallbacks: { due: 3, activated: 3 },
      recoveryMs: 120,
      brakeMs: 12,
    },
    journalDigest: 'a'.repeat(64),
    requestId: 'r-finish',
  },
  'chaos-list': { experiment: 'replay', limit: 10 },
  'chaos-stop': { reason: WHY, requestId: 'r-stop' },
  'chaos-lift': { reason: WHY, requestId: 'r-lift' },
  'chaos-refused': { experiment: 'kill-switch', reason: 'CHAOS_MODE_NOT_SET' },
  'proposals-request': {
    capability: 'shipping.commit',
    rationale: WHY,
    // Whatever the product wants to have in it: kept as text, and nothing that could be wrong is read from it.
    input: {},
    scope: 'repo:acme/web',
    requestId: 'r-propose',
  },
  'proposals-approve': { proposalId: `prp_${NONE}`, reason: WHY, requestId: 'r-approve' },
  'proposals-reject': { proposalId: `prp_${NONE}`, reason: WHY, requestId: 'r-reject' },
  'proposals-reopen': { proposalId: `prp_${NONE}`, reason: WHY, requestId: 'r-reopen' },
  'proposals-execute': { proposalId: `prp_${NONE}`, requestId: 'r-execute' },
  'proposals-list': { status: 'proposed', capability: 'shipping.commit', actor: uid, limit: 10 },
  'audit-query': {
    actionPrefix: 'studio_ops.',
    actorId: uid,
    target: 'policy/current',
    outcome: 'success',
    correlationId: 'c',
    from: '2020-01-01T00:00:00Z',
    to: '2199-01-01T00:00:00Z',
    limit: 10,
  },
  'posture-get': {},
  'sessions-revoke': { uid: `${uid}-nobody`, reason: WHY, requestId: 'r-end' },
  'audit-stats': {
    from: '2026-01-01T00:00:00Z',
    to: '2026-01-02T00:00:00Z',
    bucket: 'day',
    actions: ['studio_ops.'],
    actors: [uid],
    outcome: 'success',
  },
  'audit-queries-save': { name: `of ${uid}`, query: { actorId: uid }, requestId: 'r-save' },
  'audit-queries-list': {},
  'audit-queries-delete': { queryId: `qry_${NONE}`, requestId: 'r-forget' },
  'audit-append': {
    action: 'shop.order_paid',
    target: 'orders/one',
    metadata: {},
    rationale: `by ${uid}`,
    requestId: 'r-append',
  },
  'audit-head': {},
  'audit-seal': {},
  'audit-hold': { reason: WHY, requestId: 'r-hold' },
  'audit-release': { holdId: `hld_${NONE}`, reason: WHY, requestId: 'r-release' },
  'audit-holds': {},
  'audit-prove': { leafIndex: 0 },
  'audit-export': { size: 1, drillId },
  'audit-range': {},
  'audit-cosign': { size: 1, cosignature: `— witness.test/w ${'A'.repeat(104)}`, requestId: 'r-cosign' },
  'staff-list': { limit: 10 },
  'staff-grant': { uid, role: 'auditor', reason: 'joins', requestId: 'r-grant' },
  'staff-revoke': { uid, role: 'staff', reason: 'leaves', requestId: 'r-revoke' },
});

export interface RouteRequest {
  query?: string;
  /** What its operation is asked, where the path says it. */
  asked?: Record<string, unknown>;
  body?: Record<string, unknown>;
}

/** The same for the HTTP API. */
export const validRouteRequests = ({ scenarioId, uid }: Subject): { [Key in keyof typeof routes]: RouteRequest } => ({
  'POST /api/ops/drills': {
    body: {
      scenarioId,
      status: 'completed',
      outcome: 'success',
      notes: `by ${uid}`,
      mttrMinutes: 12,
      unresolvedRisks: ['one'],
    },
  },
  'GET /api/ops/drills': { query: '?limit=10' },
  'POST /api/ops/degraded': {
    body: { status: 'entered', mode: 'degraded', reason: `asked by ${uid}`, details: 'more', rationale: 'why' },
  },
  'POST /api/capabilities/policy/kill-switch': { body: { enabled: true, rationale: WHY } },
  'POST /api/capabilities/proposals': {
    body: { capability: 'shipping.commit', rationale: WHY, input: { repository: 'acme/web' }, scope: 'repo:acme/web' },
  },
  'GET /api/capabilities/proposals': { query: '?limit=10&status=proposed' },
  'POST /api/capabilities/proposals/{id}/approve': { body: { reason: WHY } },
  'POST /api/capabilities/proposals/{id}/reject': { body: { reason: WHY } },
  'POST /api/capabilities/proposals/{id}/execute': { body: {} },
  'POST /api/capabilities/proposals/{id}/reopen': { body: { reason: WHY } },
  'GET /api/capabilities/audit': { query: '?limit=10' },
  'GET /api/connectors/health': {},
  'GET /api/audit/log/checkpoint': {},
  'GET /api/audit/log/tile/{+tile}': { asked: { tile: '0/000.p/1' } },
  'GET /api/ops/audit': { query: '?limit=10&actionPrefix=studio_ops.' },
});
