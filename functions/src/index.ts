/** What is deployed, and nothing else. */
import { setGlobalOptions } from 'firebase-functions/v2/options';
import { onRequest } from 'firebase-functions/v2/https';
import * as auditOperations from './features/audit';
import * as chaosOperations from './features/chaos';
import * as connectorsOperations from './features/connectors';
import * as delegationsOperations from './features/delegations';
import * as drillsOperations from './features/drills';
import * as exemptionsOperations from './features/exemptions';
import * as policyOperations from './features/policy';
import * as postureOperations from './features/posture';
import * as proposalsOperations from './features/proposals';
import * as sessionsOperations from './features/sessions';
import * as staffOperations from './features/staff';
import { readiness } from './platform/transport/readiness';
import { allowedOrigins, deps } from './compose';
import { httpRoutes } from './http-routes';
import { apiApplication } from './platform/transport/api';
import { callables } from './platform/transport/named-callables';
import { refuseUnsafeDeployment } from './platform/deployment';
import { scheduled } from './platform/transport/scheduled';
import { params, REGION } from './platform/params';

refuseUnsafeDeployment(process.env);
setGlobalOptions({ region: REGION, maxInstances: 10, memory: '256MiB', timeoutSeconds: 60 });

/** Set while bundling; what is then left out is answered by `api` alone. */
const named = process.env['MUSTER_NAMED_CALLABLES'] !== 'false';
const { callable, called } = callables({ named });

/** Only what delivers knows the key that deliveries are signed with. */
const DELIVERING = { secrets: [params.deliverySecret] };
/** And only what seals the key that the log is signed with. */
const SEALING = { secrets: [params.logKey] };

export const drills = {
  schedule: callable(deps, drillsOperations.scheduleDrill),
  start: callable(deps, drillsOperations.startDrill),
  recordEvent: callable(deps, drillsOperations.recordEvent),
  complete: callable(deps, drillsOperations.completeDrill),
  cancel: callable(deps, drillsOperations.cancelDrill),
  get: callable(deps, drillsOperations.getDrill),
  list: callable(deps, drillsOperations.listDrills),
  flagOverdue: scheduled(deps, drillsOperations.flagOverdue),
};

export const policy = {
  enterDegraded: callable(deps, policyOperations.enterDegraded),
  exitDegraded: callable(deps, policyOperations.exitDegraded),
  kill: callable(deps, policyOperations.killCapability),
  restore: callable(deps, policyOperations.restoreCapability),
  ledger: callable(deps, policyOperations.policyLedger),
  get: callable(deps, policyOperations.getPolicy),
  expire: scheduled(deps, policyOperations.expirePolicy),
};

export const delegations = {
  grant: callable(deps, delegationsOperations.grantDelegation),
  revoke: callable(deps, delegationsOperations.revokeDelegation),
  list: callable(deps, delegationsOperations.listDelegations),
  owners: scheduled(deps, delegationsOperations.sweepOwners),
};

export const exemptions = {
  grant: callable(deps, exemptionsOperations.grantExemption),
  revoke: callable(deps, exemptionsOperations.revokeExemption),
  list: callable(deps, exemptionsOperations.listExemptions),
};

export const connectors = {
  register: callable(deps, connectorsOperations.registerConnector),
  health: callable(deps, connectorsOperations.connectorHealth),
  list: callable(deps, connectorsOperations.listConnectors),
  probe: callable(deps, connectorsOperations.probeConnector),
  pause: callable(deps, connectorsOperations.pauseConnector),
  resume: callable(deps, connectorsOperations.resumeConnector),
  send: callable(deps, connectorsOperations.sendToConnector),
  deliver: callable(deps, connectorsOperations.deliverToConnector, DELIVERING),
  writes: callable(deps, connectorsOperations.listConnectorWrites),
  redeliver: callable(deps, connectorsOperations.redeliverWrite),
  release: callable(deps, connectorsOperations.releaseWrites),
  discard: callable(deps, connectorsOperations.discardWrites),
  tend: scheduled(deps, connectorsOperations.tendConnectors, DELIVERING),
};

export const chaos = {
  status: callable(deps, chaosOperations.chaosStatus),
  arm: callable(deps, chaosOperations.armExperiment),
  continue: callable(deps, chaosOperations.continueExperiment),
  write: callable(deps, chaosOperations.chaosWrite),
  finish: callable(deps, chaosOperations.finishExperiment),
  list: callable(deps, chaosOperations.listExperiments),
  stop: callable(deps, chaosOperations.stopChaos),
  lift: callable(deps, chaosOperations.liftChaos),
  refused: callable(deps, chaosOperations.reportRefusedChaos),
  rollback: scheduled(deps, chaosOperations.rollBackLost),
};

export const proposals = {
  request: callable(deps, proposalsOperations.requestProposal),
  approve: callable(deps, proposalsOperations.approveProposal),
  reject: callable(deps, proposalsOperations.rejectProposal),
  reopen: callable(deps, proposalsOperations.reopenProposal),
  execute: callable(deps, proposalsOperations.executeProposal),
  list: callable(deps, proposalsOperations.listProposals),
};

export const audit = {
  query: callable(deps, auditOperations.queryAudit),
  stats: callable(deps, auditOperations.auditStats),
  queries: {
    save: callable(deps, auditOperations.saveQuery),
    list: callable(deps, auditOperations.listQueries),
    delete: callable(deps, auditOperations.deleteQuery),
  },
  append: callable(deps, auditOperations.appendEntryOfProduct),
  head: callable(deps, auditOperations.getHead),
  seal: callable(deps, auditOperations.sealNow, SEALING),
  hold: callable(deps, auditOperations.holdEntries),
  release: callable(deps, auditOperations.releaseEntries),
  holds: callable(deps, auditOperations.listHolds),
  prove: callable(deps, auditOperations.proveEntry),
  export: callable(deps, auditOperations.exportEntries),
  range: callable(deps, auditOperations.findRange),
  cosign: callable(deps, auditOperations.cosignHead),
  sealing: scheduled(deps, auditOperations.sealEachMinute, SEALING),
  retention: scheduled(deps, auditOperations.retainEntries),
};

export const posture = {
  get: callable(deps, postureOperations.getPosture),
  canary: scheduled(deps, postureOperations.postureCanary),
};

export const sessions = { revoke: callable(deps, sessionsOperations.revokeSessions) };

export const staff = {
  list: callable(deps, staffOperations.listStaff),
  grant: callable(deps, staffOperations.grantStaff),
  revoke: callable(deps, staffOperations.revokeStaff),
  survey: scheduled(deps, staffOperations.surveyClaims),
};

let application: ReturnType<typeof apiApplication> | undefined;

export const api = onRequest({ cors: false }, (request, response) => {
  application ??= apiApplication({ deps, routes: httpRoutes, openRoutes: readiness(deps), called, allowedOrigins });
  return application(request, response);
});
