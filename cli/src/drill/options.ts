import type { Command } from 'commander';
import { values } from '@muster/contract';
import { either } from '../options/either';
import { collected } from '../options/changing';

/** How a drill is planned, whether it starts now or later. */
export interface PlanOptions {
  severity?: string;
  environment?: string;
  participant?: string[];
  commander?: string;
  securityLead?: string;
  communicationsLead?: string;
  technicalLead?: string;
}

export const withPlan = (command: Command): Command =>
  command
    .option('--severity <severity>', `${either(values.severity.options)}, if not the one of the scenario`)
    .option('--environment <name>', `${either(values.environment.options)} (staging if left out)`)
    .option('--participant <uid>', 'who is invited (repeatable)', collected)
    .option('--commander <uid>', 'incident commander')
    .option('--security-lead <uid>', 'security lead')
    .option('--communications-lead <uid>', 'communications lead')
    .option('--technical-lead <uid>', 'technical lead');

export const planAsked = (options: PlanOptions) => {
  const roles = Object.fromEntries(
    Object.entries({
      incidentCommander: options.commander,
      securityLead: options.securityLead,
      communicationsLead: options.communicationsLead,
      technicalLead: options.technicalLead,
    }).filter(([, uid]) => uid !== undefined),
  );
  return {
    severity: options.severity,
    environment: options.environment,
    participants: options.participant,
    // A planned drill has its roles already and refuses the field, so it is sent only with something in it.
    roles: Object.keys(roles).length === 0 ? undefined : roles,
  };
};

export interface CompletionOptions {
  outcome: string;
  ended?: string;
  notes?: string;
  risk?: string[];
  mttrMinutes?: string;
  invited?: string;
  attended?: string;
  checks?: string;
  checksPassed?: string;
}

export const completionAsked = (options: CompletionOptions) => {
  const { outcome, ended, notes, risk, mttrMinutes } = options;
  return {
    outcome,
    endedAt: ended,
    notes,
    unresolvedRisks: risk,
    mttrMinutes: numberIn(mttrMinutes),
    attendance: together({ invited: numberIn(options.invited), attended: numberIn(options.attended) }),
    checks: together({ total: numberIn(options.checks), passed: numberIn(options.checksPassed) }),
  };
};

const numberIn = (text: string | undefined): number | undefined => (text === undefined ? undefined : Number(text));

/** Both or neither: half of a pair is sent as it is, and the contract names the other half. */
const together = (pair: Record<string, number | undefined>) =>
  Object.values(pair).every((value) => value === undefined) ? undefined : pair;

/** How the contract's fields of a plan, and of a completion, are typed, where option and field differ. */
export const PLAN_FIELDS = {
  participants: '--participant',
  'roles.incidentCommander': '--commander',
  'roles.securityLead': '--security-lead',
  'roles.communicationsLead': '--communications-lead',
  'roles.technicalLead': '--technical-lead',
} as const;

export const COMPLETION_FIELDS = {
  endedAt: '--ended',
  unresolvedRisks: '--risk',
  'attendance.invited': '--invited',
  'attendance.attended': '--attended',
  'checks.total': '--checks',
  'checks.passed': '--checks-passed',
} as const;
