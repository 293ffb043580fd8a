/** What is deployed, and nothing else. */
import { setGlobalOptions } from 'firebase-functions/v2/options';
import { onRequest } from 'firebase-functions/v2/https';
import { readiness } from './readiness';
import { allowedOrigins, deps } from './compose';
import * as acting from './features/actions';
import * as auditing from './features/audit';
import * as experimenting from './features/chaos';
import * as delegating from './features/delegations';
import * as drilling from './features/drills';
import * as proving from './features/posture';
import * as ending from './features/sessions';
import * as staffing from './features/staff';
import * as switching from './features/switches';
import { opsRoutes } from './ops-routes';
import { apiApplication } from './platform/api';
import { callable } from './platform/callable';
import { refuseUnsafeDeployment } from './platform/deployment';
import { scheduled } from './platform/job';
import { params, REGION } from './platform/params';

refuseUnsafeDeployment(process.env);
setGlobalOptions({ region: REGION, maxInstances: 10, memory: '256MiB', timeoutSeconds: 60 });

/** Only what delivers knows the key that deliveries are signed with. */
const DELIVERING = { secrets: [params.deliverySecret] };
/** And only what seals the key that the log is signed with. */
const SEALING = { secrets: [params.logKey] };

export const drills = {
  schedule: callable(deps, drilling.scheduleDrill),
  start: callable(deps, drilling.startDrill),
  recordEvent: callable(deps, drilling.recordEvent),
  complete: callable(deps, drilling.completeDrill),
  cancel: callable(deps, drilling.cancelDrill),
  get: callable(deps, drilling.getDrill),
  list: callable(deps, drilling.listDrills),
  flagOverdue: scheduled(deps, drilling.flagOverdue),
};

export const policy = {
  enterDegraded: callable(deps, switching.enterDegraded),
  exitDegraded: callable(deps, switching.exitDegraded),
  kill: callable(deps, switching.killCapability),
  restore: callable(deps, switching.restoreCapability),
  ledger: callable(deps, switching.policyLedger),
  get: callable(deps, switching.getPolicy),
  expire: scheduled(deps, switching.expirePolicy),
};

export const delegations = {
  grant: callable(deps, delegating.grantDelegation),
  revoke: callable(deps, delegating.revokeDelegation),
  list: callable(deps, delegating.listDelegations),
};

export const exemptions = {
  grant: callable(deps, switching.grantExemption),
  revoke: callable(deps, switching.revokeExemption),
  list: callable(deps, switching.listExemptions),
};

export const connectors = {
  register: callable(deps, switching.registerConnector),
  health: callable(deps, switching.connectorHealth),
  list: callable(deps, switching.listConnectors),
  probe: callable(deps, switching.probeConnector),
  pause: callable(deps, switching.pauseConnector),
  resume: callable(deps, switching.resumeConnector),
  send: callable(deps, switching.sendToConnector),
  deliver: callable(deps, switching.deliverToConnector, DELIVERING),
  writes: callable(deps, switching.listConnectorWrites),
  redeliver: callable(deps, switching.redeliverWrite),
  discard: callable(deps, switching.discardWrites),
  tend: scheduled(deps, switching.tendConnectors, DELIVERING),
};

export const chaos = {
  status: callable(deps, experimenting.chaosStatus),
  arm: callable(deps, experimenting.armExperiment),
  continue: callable(deps, experimenting.continueExperiment),
  write: callable(deps, experimenting.chaosWrite),
  finish: callable(deps, experimenting.finishExperiment),
  list: callable(deps, experimenting.listExperiments),
  stop: callable(deps, experimenting.stopChaos),
  lift: callable(deps, experimenting.liftChaos),
  refused: callable(deps, experimenting.reportRefusedChaos),
  rollback: scheduled(deps, experimenting.rollBackLost),
};

export const actions = {
  request: callable(deps, acting.requestAction),
  approve: callable(deps, acting.approveAction),
  reject: callable(deps, acting.rejectAction),
  execute: callable(deps, acting.executeAction),
  list: callable(deps, acting.listActions),
};

export const audit = {
  query: callable(deps, auditing.queryAudit),
  stats: callable(deps, auditing.auditStats),
  queries: {
    save: callable(deps, auditing.saveQuery),
    list: callable(deps, auditing.listQueries),
    delete: callable(deps, auditing.deleteQuery),
  },
  append: callable(deps, auditing.appendEntryOfProduct),
  head: callable(deps, auditing.getHead),
  seal: callable(deps, auditing.sealNow, SEALING),
  hold: callable(deps, auditing.holdEntries),
  release: callable(deps, auditing.releaseEntries),
  holds: callable(deps, auditing.listHolds),
  prove: callable(deps, auditing.proveEntry),
  export: callable(deps, auditing.exportEntries),
  range: callable(deps, auditing.findRange),
  cosign: callable(deps, auditing.cosignHead),
  sealing: scheduled(deps, auditing.sealEachMinute, SEALING),
  retention: scheduled(deps, auditing.retainEntries),
};

export const posture = {
  get: callable(deps, proving.getPosture),
  canary: scheduled(deps, proving.postureCanary),
};

export const sessions = { revoke: callable(deps, ending.revokeSessions) };

export const staff = {
  grant: callable(deps, staffing.grantStaff),
  revoke: callable(deps, staffing.revokeStaff),
};

let application: ReturnType<typeof apiApplication> | undefined;

export const api = onRequest({ cors: false }, (request, response) => {
  application ??= apiApplication({ deps, routes: opsRoutes, openRoutes: readiness(deps), allowedOrigins });
  return application(request, response);
});
