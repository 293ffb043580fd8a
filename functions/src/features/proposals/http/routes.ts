import { route, type Answered, type Route } from '../../../platform/transport/route';
import { approveProposal } from '../approve-proposal';
import { executeProposal } from '../execute-proposal';
import { listProposals } from '../list-proposals';
import { rejectProposal } from '../reject-proposal';
import { reopenProposal } from '../reopen-proposal';
import { requestProposal } from '../request-proposal';
import { decisionAsked, executionAsked, proposalAsked } from './former-words';

/** In the words of existing clients: a delegation that does not hold, and a restriction with its cause. */
const refusal: Route['refusal'] = ({ code, details: { reason } }) => {
  if (code === 'NOT_DELEGATED') return { reasonCode: reason };
  const restricted = code === 'RESTRICTED' || reason === 'POLICY_UNAVAILABLE';
  return restricted ? { decision: { reasonCode: 'BLOCKED_BY_POLICY', cause: reason } } : {};
};

/** Of one proposal, which the path names. */
const ofOne = (asked: (body: never) => object): Partial<Route> => ({
  toRequest: (body, { id }) => ({ ...asked(body), proposalId: id }),
  refusal,
});

export const proposalRoutes: readonly Route[] = [
  route('POST /api/capabilities/proposals', requestProposal, { status: 201, refusal, toRequest: proposalAsked }),
  route('GET /api/capabilities/proposals', listProposals, {
    toAnswer: ({ proposals }: Answered<typeof listProposals>) => ({ proposals }),
  }),
  route('POST /api/capabilities/proposals/{id}/approve', approveProposal, ofOne(decisionAsked)),
  route('POST /api/capabilities/proposals/{id}/reject', rejectProposal, ofOne(decisionAsked)),
  route('POST /api/capabilities/proposals/{id}/execute', executeProposal, ofOne(executionAsked)),
  route('POST /api/capabilities/proposals/{id}/reopen', reopenProposal, {
    ...ofOne((body: object) => body),
    refusedAs: { PERMISSION_DENIED: 403 },
  }),
];
