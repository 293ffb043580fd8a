/** Runs everything that queries, with every combination of filters, so that each kind of query is seen once. */
import { getAuth } from 'firebase-admin/auth';
import {
  auditStats,
  exportEntries,
  findRange,
  getHead,
  holdEntries,
  queryAudit,
  retainEntries,
  sealEachMinute,
  sealNow,
} from '../../src/features/audit';
import {
  flagOverdue,
  getDrill,
  listDrillRows,
  listDrills,
  recordDrillStatus,
  startDrill,
} from '../../src/features/drills';
import { armExperiment, chaosStatus, listExperiments, rollBackLost, stopChaos } from '../../src/features/chaos';
import { grantStaff, listStaff, revokeStaff } from '../../src/features/staff';
import { listProposals, requestProposal } from '../../src/features/proposals';
import { grantDelegation, listDelegations, sweepOwners } from '../../src/features/delegations';
import {
  connectorHealth,
  deliverToConnector,
  listConnectors,
  listConnectorWrites,
  releaseWrites,
  sendToConnector,
  registerConnector,
  tendConnectors,
} from '../../src/features/connectors';
import {
  enterDegraded,
  exitDegraded,
  expirePolicy,
  getPolicy,
  killCapability,
  policyLedger,
} from '../../src/features/policy';
import { grantExemption, listExemptions } from '../../src/features/exemptions';
import { toCursor } from '../../src/platform/operations/cursor';
import { runJob } from '../../src/platform/operations/job';
import { as, HOUR, refusalOf, SCENARIO_ID, START, type Backend, type Runnable } from '../harness';

/** Where the backend queries; `query-sources.test.ts` keeps this list whole. */
export const QUERY_SOURCES = [
  'features/audit/audit-stats.ts',
  'features/audit/evidence/export-entries.ts',
  'features/audit/evidence/find-range.ts',
  'features/audit/for-others/audit-reader.ts',
  'features/audit/log/adopt.ts',
  'features/audit/log/forget-salts.ts',
  'features/audit/log/get-head.ts',
  'features/audit/log/move-salts.ts',
  'features/audit/log/retain.ts',
  'features/audit/log/seal.ts',
  'features/chaos/arm-experiment.ts',
  'features/chaos/chaos-status.ts',
  'features/chaos/list-experiments.ts',
  'features/chaos/roll-back-lost.ts',
  'features/chaos/stop-chaos.ts',
  'features/connectors/connector-health.ts',
  'features/connectors/for-others/undo-connectors.ts',
  'features/connectors/list-connectors.ts',
  'features/connectors/queue/delivery-step.ts',
  'features/connectors/queue/list-connector-writes.ts',
  'features/connectors/queue/release-writes.ts',
  'features/connectors/register-connector.ts',
  'features/connectors/tend-connectors.ts',
  'features/delegations/for-others/undo-delegations.ts',
  'features/delegations/list-delegations.ts',
  'features/delegations/reserved-scope.ts',
  'features/delegations/standing-delegations.ts',
  'features/delegations/sweep-owners.ts',
  'features/drills/flag-overdue.ts',
  'features/drills/get-drill.ts',
  'features/drills/http/record-drill-status.ts',
  'features/drills/list-drills.ts',
  'features/exemptions/grant-exemption.ts',
  'features/exemptions/list-exemptions.ts',
  'features/policy/for-others/activations.ts',
  'features/policy/for-others/current-policy.ts',
  'features/policy/policy-ledger.ts',
  'features/policy/settle-refusal-counts.ts',
  'features/proposals/delegation-finder.ts',
  'features/proposals/list-proposals.ts',
  'features/proposals/waiting-proposals.ts',
  'features/staff/list-staff.ts',
  'features/staff/revoke-staff.ts',
];

/** Every choice of some of these: 2^n. */
export const combinationsOf = <T extends object>(all: T): Partial<T>[] =>
  Object.entries(all).reduce<Partial<T>[]>(
    (chosen, [name, value]) => chosen.flatMap((some) => [some, { ...some, [name]: value }]),
    [{}],
  );

/** The combinations of the audit's filters that are offered: all of them, but for two questions about a list. */
export const auditCombinationsOf = <T extends { actionPrefix?: unknown; text?: unknown }>(all: T): Partial<T>[] =>
  combinationsOf(all).filter(({ actionPrefix, text }) => actionPrefix === undefined || text === undefined);

/** Of 6,144 those that are run: each filter alone, each pair, and the largest. `audit-combinations.test.ts` judges the others. */
export const someOf = <T extends object>(combinations: T[]): T[] => {
  const most = Math.max(...combinations.map((asked) => Object.keys(asked).length));
  return combinations.filter((asked) => {
    const { length } = Object.keys(asked);
    return length <= 2 || length >= most - 1;
  });
};

/** A time range and a place to continue from: they are part of the order, whatever the filters are. */
const places = {
  from: START.toISOString(),
  to: new Date(START.getTime() + 1000).toISOString(),
  cursor: toCursor(START, 'drl_none'),
};
export const AUDIT_FILTERS = {
  actionPrefix: 'studio_ops.dr',
  text: 'word',
  action: 'studio_ops.drill_event',
  actorId: 'uid-staff',
  target: 'policy/current',
  outcome: 'success',
  correlationId: 'req_abcdefghijkmnpqrstuv',
  callerRequestId: 'mine',
  severity: 'P1',
  ip: '203.0.113.7',
  sessionId: 'ses_one1',
  drillId: 'drl_one1',
  incidentId: 'inc_one1',
};
const drillFilters = { status: 'scheduled', scenarioId: SCENARIO_ID, overdue: true };

/** The other lists, each with its filters; they go on from a place as well. */
const lists: { list: Runnable<unknown>; filters: object }[] = [
  { list: policyLedger, filters: { kind: 'kill_switch', name: 'shipping', on: true } },
  { list: listDelegations, filters: { owner: 'uid-staff', agent: 'uid-one' } },
  { list: listExemptions, filters: { owner: 'uid-staff', capability: 'shipping.commit' } },
  { list: listExperiments, filters: { experiment: 'replay' } },
  { list: listConnectors, filters: {} },
  { list: listStaff, filters: {} },
  { list: listConnectorWrites, filters: { connectorId: 'github', status: 'dead' } },
  { list: listProposals, filters: { status: 'approved', capability: 'shipping.commit', actor: 'uid-staff' } },
];

const withAndWithoutPlace = (combinations: object[]): object[] =>
  combinations.flatMap((asked) => [asked, { ...asked, ...places }]);

export const exercise = async (backend: Backend): Promise<void> => {
  for (const asked of [...combinationsOf(places), ...withAndWithoutPlace(someOf(auditCombinationsOf(AUDIT_FILTERS)))]) {
    await backend.run(queryAudit, asked);
  }
  const { actionPrefix, actorId, action: _, text: _text, ...equal } = AUDIT_FILTERS;
  const others = [{}, ...Object.entries(equal).map(([name, value]) => ({ [name]: value }))];
  const { from, to } = places;
  for (const asked of [{}, { actions: [actionPrefix] }, { actors: [actorId] }]) {
    for (const filter of others) await backend.run(auditStats, { from, to, bucket: 'hour', ...asked, ...filter });
  }
  for (const asked of [...combinationsOf(places), ...withAndWithoutPlace(combinationsOf(drillFilters))]) {
    await backend.run(listDrills, asked);
  }
  for (const { list, filters } of lists) {
    for (const asked of combinationsOf({ ...filters, cursor: places.cursor })) await backend.run(list, asked);
  }
  await backend.run(listDrillRows, {});
  await runJob(backend.deps, tendConnectors, START);
  await backend.run(registerConnector, { connectorId: 'github', name: 'GitHub', url: 'https://status.example.com/' });
  backend.deps.courier = () => ({ post: async () => Promise.reject(new Error('nothing waits')) });
  await backend.run(deliverToConnector, { connectorId: 'github' });
  await backend.run(connectorHealth, {});
  await releasing(backend);

  for (const status of ['scheduled', 'started', 'completed', 'cancelled']) {
    await backend.run(recordDrillStatus, { scenarioId: SCENARIO_ID, status });
  }
  const { drill } = await backend.run(startDrill, { scenarioId: SCENARIO_ID });
  await backend.run(getDrill, { drillId: drill.id });
  await runJob(backend.deps, flagOverdue, START);

  for (const uid of ['uid-one', 'uid-two']) {
    await getAuth(backend.app).createUser({ uid });
    await backend.run(grantStaff, { uid, role: 'admin', reason: 'to be revoked' }, as('admin'));
  }
  await backend.run(revokeStaff, { uid: 'uid-one', role: 'admin', reason: 'tried out' }, as('admin'));

  await backend.run(armExperiment, { experiment: 'connector-storm', connectors: 1 });
  await backend.run(chaosStatus, {});
  await runJob(backend.deps, rollBackLost, new Date(START.getTime() + HOUR));
  await backend.run(stopChaos, { reason: 'tried out for its query' });

  await runJob(backend.deps, expirePolicy, START);
  // Over a policy that is damaged it is rebuilt from the activations that stand.
  await backend.firestore.doc('muster_policy/current').delete();
  await backend.run(enterDegraded, { mode: 'degraded', reason: 'tried out' });
  await backend.run(getPolicy, {});
  await backend.run(exitDegraded, {});
  // What waits for a second person is looked for where two are needed.
  await backend.run(killCapability, { capability: 'shipping', reason: 'tried out for its query' });
  const until = new Date(START.getTime() + HOUR).toISOString();
  const exemption = {
    owner: 'uid-one',
    capability: 'shipping.commit',
    justification: 'tried out for its query',
    until,
  };
  const { limits } = backend.deps;
  backend.deps.limits = { ...limits, twoPersons: true };
  await backend.run(grantExemption, exemption);
  backend.deps.limits = limits;
  const expiresAt = new Date(START.getTime() + HOUR).toISOString();
  const delegated = { agent: 'uid-one', capabilities: ['shipping'], reason: 'tried out for its query', expiresAt };
  await backend.run(grantDelegation, delegated);
  const reserved = { ...delegated, agent: 'chaos-abcdefghij', capabilities: ['chaos.abcdefghij'] };
  await refusalOf(backend.run(grantDelegation, reserved));
  await backend.run(requestProposal, { capability: 'billing.charge', rationale: 'tried out for its query' });
  const delegation = { actor: 'uid-staff', owner: 'uid-one' };
  const proposal = { capability: 'shipping.commit', rationale: 'tried out for its query', delegation };
  await refusalOf(backend.run(requestProposal, proposal));

  await sealing(backend);
  await clientQueries(backend);
  // Last: Firebase Auth knows nobody here, so whoever has delegated something is gone then.
  await runJob(backend.deps, sweepOwners, START);
};

/** Who moved a connector with something of their own waiting asks which of it is theirs. */
const releasing = async (backend: Backend): Promise<void> => {
  const { limits } = backend.deps;
  backend.deps.limits = { ...limits, twoPersons: true };
  const [former, deliverTo] = ['https://hooks.example.com/one', 'https://hooks.example.com/two'];
  const connector = { connectorId: 'moved', name: 'Moved', url: 'https://status.example.com/' };
  await backend.run(registerConnector, { ...connector, deliverTo: former });
  await backend.run(sendToConnector, { connectorId: 'moved', writes: [{ kind: 'issue', content: {} }] });
  await backend.run(registerConnector, { ...connector, deliverTo });
  await backend.run(releaseWrites, { connectorId: 'moved', deliverTo, reason: 'tried out for its query' });
  backend.deps.limits = limits;
};

const sealing = async (backend: Backend): Promise<void> => {
  await backend.run(sealNow, {});
  await backend.run(getHead, { atOrBefore: places.to });
  await backend.run(getHead, { atOrAfter: places.from });
  const { head } = await backend.run(findRange, { from: places.from, to: places.to });
  await backend.run(exportEntries, { size: head.size, begin: 0, end: Math.min(head.size, 200) });
  await backend.run(exportEntries, { size: head.size, begin: head.size, end: head.size });
  await backend.run(exportEntries, { size: head.size, drillId: 'drl_none' });
  await backend.run(exportEntries, { size: head.size, incidentId: 'inc_none' });
  const over = new Date(START.getTime() + 500 * 24 * HOUR);
  await runJob(backend.deps, retainEntries, over);
  await backend.run(holdEntries, { reason: 'tried out for its query' });
  await runJob(backend.deps, retainEntries, new Date(over.getTime() + HOUR));
  // As a log of the release before, whose salts are still in its entries.
  await backend.firestore.doc('muster_auditLog/current').update({ saltsMovedBelow: 0 });
  await runJob(backend.deps, sealEachMinute, START);
};

/** What web clients ask for through the rules, run here as the server, to whom the same indexes apply. */
const clientQueries = async ({ firestore }: Backend): Promise<void> => {
  const drills = firestore.collection('muster_drills');
  await drills.where('participants', 'array-contains', 'uid-member').orderBy('at', 'desc').limit(50).get();
  await drills.doc('drl_one').collection('muster_notes').orderBy('at', 'asc').limit(500).get();
  await drills.doc('drl_one').collection('muster_events').orderBy('at', 'asc').limit(500).get();
};
