/**
 * The state machine of a proposal: proposed → approved → executed, or rejected before it is executed; over after its
 * time. Pure: each function gives the proposal as it becomes, undefined when it is so already, or refuses.
 */
import { ACTION_LIFETIME_MS, type ActionView } from '../../contract/actions';
import { MusterError } from '../../../../guard/src/errors';
import { statusAt, type Action } from './action-document';
import { needsSecondPerson } from './refusals';

export type Proposal = Pick<
  Action,
  'capability' | 'actor' | 'owner' | 'delegation' | 'scope' | 'rationale' | 'input' | 'sessionAt'
>;

export const proposed = (proposal: Proposal, now: Date): Action => ({
  ...proposal,
  status: 'proposed',
  requestedAt: now,
  expiresAt: new Date(now.getTime() + ACTION_LIFETIME_MS),
  decidedAt: null,
  decidedBy: null,
  decisionReason: null,
  executedAt: null,
  executedBy: null,
});

/** Who decides, when and why. */
export interface Ruling {
  by: string;
  at: Date;
  reason: string | undefined;
}

/** Where two persons are needed, neither who proposed it nor whom it is for approves it. */
export const approved = (action: Action, ruling: Ruling, twoPersons: boolean): Action | undefined => {
  refuseUnless(action, ['proposed', 'approved'], 'approved', ruling.at);
  if (action.status === 'approved') return undefined;
  if (twoPersons && [action.actor, action.owner].includes(ruling.by)) throw needsSecondPerson();
  return { ...action, status: 'approved', ...ruled(ruling) };
};

export const rejected = (action: Action, ruling: Ruling): Action | undefined => {
  refuseUnless(action, ['proposed', 'approved', 'rejected'], 'rejected', ruling.at);
  return action.status === 'rejected' ? undefined : { ...action, status: 'rejected', ...ruled(ruling) };
};

/** Once: who comes second is refused, because who is told that it is done now does it. */
export const executed = (action: Action, by: string, now: Date): Action => {
  refuseUnless(action, ['approved'], 'executed', now);
  return { ...action, status: 'executed', executedAt: now, executedBy: by };
};

const ruled = ({ by, at, reason }: Ruling) => ({ decidedBy: by, decidedAt: at, decisionReason: reason ?? null });

const WHAT_NOW: Record<ActionView['status'], string> = {
  proposed: 'A staff member approves it first (actions-approve).',
  approved: 'Execute it (actions-execute), or reject it (actions-reject).',
  rejected: 'It is over. Propose it again (actions-request), with what was missing.',
  executed: 'It is over, and was done once. Propose it again (actions-request) to do it again.',
  expired: 'It is over: nobody executed it in time. Propose it again (actions-request).',
};

const refuseUnless = (
  action: Action,
  allowed: readonly ActionView['status'][],
  done: 'approved' | 'rejected' | 'executed',
  now: Date,
): void => {
  const state = statusAt(action, now);
  if (allowed.includes(state)) return;
  throw new MusterError('CONFLICT', `This proposal is ${state}, so it cannot be ${done}. Nothing was changed.`, {
    reason: 'WRONG_STATE',
    state,
    next: WHAT_NOW[state],
  });
};
