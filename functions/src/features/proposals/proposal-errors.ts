import { MusterError } from '@muster/core/errors';

/** The same for a proposal that there is not and for one that is not the caller's: its id tells nobody that it exists. */
export const unknownProposal = (): MusterError =>
  new MusterError('NOT_FOUND', 'There is no proposal with this id that you may act on.', {
    reason: 'UNKNOWN_PROPOSAL',
    fields: [{ field: 'proposalId', problem: 'no proposal of yours has this id' }],
    next: 'Copy the id from the answer to the request, or from the list (proposals-list).',
  });

export const needsSecondPerson = (): MusterError =>
  new MusterError(
    'CONFLICT',
    'This rests on your word already: you proposed it, it is for you, or you exempted it. Nobody approves that alone. Nothing was changed.',
    { reason: 'SECOND_PERSON_NEEDED', next: 'Another staff member approves it (proposals-approve).' },
  );

/** Whoever stole a session may have proposed this in it. */
export const proposedInEndedSession = (): MusterError =>
  new MusterError('CONFLICT', 'The session in which this was proposed was ended. Nothing was changed.', {
    reason: 'SESSION_REVOKED',
    next: 'Reject it (proposals-reject). Its proposer signs in again, if they still may, and proposes it again.',
  });

/** For whoever names another than themselves as the one who does it. */
export const notYourAgent = (what: string): MusterError =>
  new MusterError('NOT_DELEGATED', `${what} Nothing was changed.`, {
    reason: 'ROLE_MISSING',
    next: 'Sign in as the agent itself, or let a staff member who runs it ask (proposals-request with agent).',
  });

/** For an execution that names another agent than the proposal does. */
export const notItsAgent = (): MusterError =>
  new MusterError('NOT_DELEGATED', 'This proposal is of another agent. Nothing was changed.', {
    reason: 'DELEGATION_ACTOR_MISMATCH',
    next: 'Name the agent that the proposal was made for, or none.',
  });

/** For a proposal that rests on nobody who answers for it. */
export const nobodyAnswersForIt = (): MusterError =>
  new MusterError(
    'NOT_DELEGATED',
    'Whoever a proposal rests on must have a role in Muster, or a verified e-mail address of a domain that is allowed. Nothing was changed.',
    {
      reason: 'IDENTITY_NOT_ALLOWED',
      next: 'Act under a delegation of somebody who has (delegations-grant), or ask an admin for a role, or for the domain (MUSTER_IDENTITY_DOMAINS).',
    },
  );
