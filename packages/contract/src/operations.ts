/** Every callable operation, by the name it is deployed under. */
import type * as z from 'zod';
import {
  approveProposal,
  executeProposal,
  listProposals,
  rejectProposal,
  reopenProposal,
  requestProposal,
} from './proposals';
import { queryAudit } from './audit/entry';
import { appendAudit } from './audit/append';
import { auditStats, deleteAuditQuery, listAuditQueries, saveAuditQuery } from './audit/queries';
import { auditExport, auditProve, auditRange } from './audit/evidence';
import { auditHead, auditHold, auditHolds, auditRelease, auditSeal } from './audit/log';
import { auditCosign } from './audit/witness';
import {
  armExperiment,
  chaosStatus,
  chaosWrite,
  continueExperiment,
  finishExperiment,
  liftChaos,
  listExperiments,
  reportRefusedChaos,
  stopChaos,
} from './chaos';
import {
  connectorHealth,
  deliverToConnector,
  discardWrites,
  listConnectors,
  listConnectorWrites,
  pauseConnector,
  probeConnector,
  redeliverWrite,
  releaseWrites,
  registerConnector,
  resumeConnector,
  sendToConnector,
} from './connectors';
import { grantDelegation, listDelegations, revokeDelegation } from './delegations';
import { cancelDrill, completeDrill, getDrill, listDrills, recordEvent, scheduleDrill, startDrill } from './drills';
import { grantExemption, listExemptions, revokeExemption } from './exemptions';
import { enterDegraded, exitDegraded, getPolicy, killCapability, policyLedger, restoreCapability } from './policy';
import { getPosture } from './posture';
import { withRepeated } from './repeated';
import { revokeSessions } from './sessions';
import { grantStaff, listStaff, revokeStaff, type Role } from './staff';

/** The roles that may call, by the word that an operation says it with. */
export const MAY_CALL = {
  staff: ['staff'],
  'staff-or-auditor': ['staff', 'auditor'],
  admin: ['admin'],
  recorder: ['recorder'],
} as const satisfies Record<string, readonly Role[]>;

/** Who may call: one of these roles, or `signed-in` for anyone with a valid token. */
export type Caller = 'signed-in' | keyof typeof MAY_CALL;

export interface OperationContract<Request extends z.ZodType = z.ZodType, Response extends z.ZodType = z.ZodType> {
  /** What it does, in one line. */
  summary: string;
  who: Caller;
  request: Request;
  response: Response;
}

const shapes = {
  'drills-schedule': { summary: 'Plan a drill of a scenario.', who: 'staff', ...scheduleDrill },
  'drills-start': { summary: 'Start a planned drill, or one from a scenario directly.', who: 'staff', ...startDrill },
  'drills-recordEvent': { summary: 'Add an event to the timeline, or correct one.', who: 'staff', ...recordEvent },
  'drills-complete': { summary: 'Complete a running drill and compute its figures.', who: 'staff', ...completeDrill },
  'drills-cancel': { summary: 'Cancel a planned or running drill.', who: 'staff', ...cancelDrill },
  'drills-get': { summary: 'One drill with its timeline.', who: 'staff-or-auditor', ...getDrill },
  'drills-list': { summary: 'Drills by status, scenario, overdue and time.', who: 'staff-or-auditor', ...listDrills },
  'policy-enterDegraded': { summary: 'Put the product into a degraded mode.', who: 'staff', ...enterDegraded },
  'policy-exitDegraded': { summary: 'End a degraded mode.', who: 'staff', ...exitDegraded },
  'policy-get': { summary: 'What is restricted now.', who: 'signed-in', ...getPolicy },
  'policy-kill': { summary: 'Kill a capability, now, everywhere.', who: 'staff', ...killCapability },
  'policy-restore': { summary: 'Restore what a kill switch stops.', who: 'staff', ...restoreCapability },
  'policy-ledger': {
    summary: 'Every activation: how long, by whom, why, how much it refused.',
    who: 'staff-or-auditor',
    ...policyLedger,
  },
  'delegations-grant': { summary: 'Let an agent act for you.', who: 'signed-in', ...grantDelegation },
  'delegations-revoke': { summary: 'End a delegation, at once.', who: 'signed-in', ...revokeDelegation },
  'delegations-list': { summary: 'Delegations, newest first.', who: 'signed-in', ...listDelegations },
  'exemptions-grant': { summary: 'Let one owner pass what is restricted.', who: 'staff', ...grantExemption },
  'exemptions-revoke': { summary: 'End an exemption, at once.', who: 'staff', ...revokeExemption },
  'exemptions-list': { summary: 'Exemptions, newest first.', who: 'staff-or-auditor', ...listExemptions },
  'connectors-register': { summary: 'Register a connector and its probe.', who: 'staff', ...registerConnector },
  'connectors-health': { summary: 'How each connector was found last.', who: 'staff-or-auditor', ...connectorHealth },
  'connectors-list': { summary: 'Connectors, newest first.', who: 'staff-or-auditor', ...listConnectors },
  'connectors-probe': { summary: 'Probe a connector now.', who: 'staff', ...probeConnector },
  'connectors-pause': { summary: 'Pause a connector: nothing is written to it.', who: 'staff', ...pauseConnector },
  'connectors-resume': { summary: 'Resume a connector.', who: 'staff', ...resumeConnector },
  'connectors-send': { summary: 'Queue writes for a connector.', who: 'staff', ...sendToConnector },
  'connectors-deliver': { summary: 'Deliver what waits for a connector, now.', who: 'staff', ...deliverToConnector },
  'connectors-writes': {
    summary: 'Queued writes and dead letters, newest first.',
    who: 'staff-or-auditor',
    ...listConnectorWrites,
  },
  'connectors-redeliver': { summary: 'Queue a dead write once more.', who: 'staff', ...redeliverWrite },
  'connectors-release': {
    summary: 'Let what waits go to the new destination of a connector.',
    who: 'staff',
    ...releaseWrites,
  },
  'connectors-discard': { summary: 'Let nothing that waits for a connector go out.', who: 'staff', ...discardWrites },
  'chaos-status': { summary: 'Whether experiments may run, and which do.', who: 'staff-or-auditor', ...chaosStatus },
  'chaos-arm': { summary: 'Begin an experiment; never in production.', who: 'staff', ...armExperiment },
  'chaos-continue': { summary: 'Say that its runner lives.', who: 'staff', ...continueExperiment },
  'chaos-write': { summary: 'One guarded write of an experiment.', who: 'staff', ...chaosWrite },
  'chaos-finish': { summary: 'Undo an experiment and keep its result.', who: 'staff', ...finishExperiment },
  'chaos-list': { summary: 'Experiments, newest first.', who: 'staff-or-auditor', ...listExperiments },
  'chaos-stop': { summary: 'Halt every experiment, and block new ones.', who: 'staff', ...stopChaos },
  'chaos-lift': { summary: 'Let experiments be run again.', who: 'staff', ...liftChaos },
  'chaos-refused': {
    summary: 'Record what a runner refused by itself.',
    who: 'staff',
    ...reportRefusedChaos,
  },
  'posture-get': { summary: 'What is proven of each control.', who: 'staff-or-auditor', ...getPosture },
  'sessions-revoke': { summary: 'End every session of a user, at once.', who: 'staff', ...revokeSessions },
  'proposals-request': { summary: 'Propose something that staff must approve.', who: 'signed-in', ...requestProposal },
  'proposals-approve': { summary: 'Approve a proposal.', who: 'staff', ...approveProposal },
  'proposals-reject': { summary: 'Reject a proposal.', who: 'staff', ...rejectProposal },
  'proposals-reopen': { summary: 'Bring a rejected proposal back.', who: 'admin', ...reopenProposal },
  'proposals-execute': { summary: 'Take an approved proposal, once.', who: 'signed-in', ...executeProposal },
  'proposals-list': { summary: 'Proposals, newest first.', who: 'staff-or-auditor', ...listProposals },
  'audit-query': { summary: 'Who did what: audit entries, newest first.', who: 'staff-or-auditor', ...queryAudit },
  'audit-stats': {
    summary: 'Entries counted, by action and actor, over time.',
    who: 'staff-or-auditor',
    ...auditStats,
  },
  'audit-queries-save': { summary: 'Keep a query under a name.', who: 'staff', ...saveAuditQuery },
  'audit-queries-list': { summary: 'Queries that are kept.', who: 'staff-or-auditor', ...listAuditQueries },
  'audit-queries-delete': { summary: 'Keep a query no longer.', who: 'staff', ...deleteAuditQuery },
  'audit-append': { summary: "An entry of the product's own.", who: 'recorder', ...appendAudit },
  'audit-head': { summary: 'The signed head of the log.', who: 'staff-or-auditor', ...auditHead },
  'audit-seal': { summary: 'Seal what waits, now.', who: 'staff-or-auditor', ...auditSeal },
  'audit-hold': { summary: 'Keep every entry until this is released.', who: 'staff', ...auditHold },
  'audit-release': { summary: 'End a legal hold.', who: 'admin', ...auditRelease },
  'audit-holds': { summary: 'Legal holds, and for how long entries are kept.', who: 'staff-or-auditor', ...auditHolds },
  'audit-prove': { summary: 'Proofs of one entry, or of two sizes.', who: 'staff-or-auditor', ...auditProve },
  'audit-export': { summary: 'Entries with what proves them.', who: 'staff-or-auditor', ...auditExport },
  'audit-cosign': { summary: 'Add what a witness says of a head.', who: 'staff-or-auditor', ...auditCosign },
  'audit-range': { summary: 'Which leaves hold the entries of a time.', who: 'staff-or-auditor', ...auditRange },
  'staff-list': {
    summary: 'Who has which role, and whose claims nobody granted.',
    who: 'staff-or-auditor',
    ...listStaff,
  },
  'staff-grant': { summary: 'Give a user a role.', who: 'admin', ...grantStaff },
  'staff-revoke': { summary: 'Take a role and end the sessions of its user.', who: 'admin', ...revokeStaff },
} as const satisfies Record<string, OperationContract>;

export const operations = withRepeated(shapes);

export type OperationName = keyof typeof operations;
export type RequestOf<Name extends OperationName> = z.input<(typeof operations)[Name]['request']>;
export type ResponseOf<Name extends OperationName> = z.output<(typeof operations)[Name]['response']>;
