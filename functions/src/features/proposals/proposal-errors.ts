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
    'You proposed this, or it is for you; nobody approves that for themselves. Nothing was changed.',
    { reason: 'SECOND_PERSON_NEEDED', next: 'Another staff member approves it (proposals-approve).' },
  );

/** Whoever stole a session may have proposed this in it. */
export const proposedInEndedSession = (): MusterError =>
  new MusterError('CONFLICT', 'The session in which this was proposed was ended. Nothing was changed.', {
    reason: 'SESSION_REVOKED',
    next: 'Reject it (proposals-reject). Its proposer signs in again, if they still may, and proposes it again.',
  });
