/** Every callable operation, by the name it is deployed under. */
import type * as z from 'zod';
import { queryAudit } from './audit';
import { cancelDrill, completeDrill, getDrill, listDrills, recordEvent, scheduleDrill, startDrill } from './drills';
import { enterDegraded, exitDegraded, getPolicy } from './policy';
import { grantStaff, revokeStaff } from './staff';

/** Who may call: one of these roles, or `signed-in` for anyone with a valid token. */
export type Caller = 'signed-in' | 'staff' | 'staff-or-auditor' | 'admin';

export interface OperationContract<Request extends z.ZodType = z.ZodType, Response extends z.ZodType = z.ZodType> {
  /** What it does, in one line. */
  summary: string;
  who: Caller;
  request: Request;
  response: Response;
}

export const operations = {
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
  'audit-query': { summary: 'Who did what: audit entries, newest first.', who: 'staff-or-auditor', ...queryAudit },
  'staff-grant': { summary: 'Give a user a role.', who: 'admin', ...grantStaff },
  'staff-revoke': { summary: 'Take a role and end the sessions of its user.', who: 'admin', ...revokeStaff },
} as const satisfies Record<string, OperationContract>;

export type OperationName = keyof typeof operations;
export type RequestOf<Name extends OperationName> = z.input<(typeof operations)[Name]['request']>;
export type ResponseOf<Name extends OperationName> = z.output<(typeof operations)[Name]['response']>;
