import { route, type Answered, type Route } from '../../../platform/transport/route';
import { approveProposal } from '../approve-proposal';
import { executeProposal } from '../execute-proposal';
import { listProposals } from '../list-proposals';
import { rejectProposal } from '../reject-proposal';
import { requestProposal } from '../request-proposal';

/** In the words of existing clients: a delegation that does not hold, and a restriction with its cause. */
const refusal: Route['refusal'] = ({ code, details: { reason } }) => {
  if (code === 'NOT_DELEGATED') return { reasonCode: reason };
  const restricted = code === 'RESTRICTED' || reason === 'POLICY_UNAVAILABLE';
  return restricted ? { decision: { reasonCode: 'BLOCKED_BY_POLICY', cause: reason } } : {};
};

const ofOne: Partial<Route> = { toRequest: (body: object, { id }) => ({ ...body, proposalId: id }), refusal };

export const proposalRoutes: readonly Route[] = [
  route('POST /api/capabilities/proposals', requestProposal, { status: 201, refusal }),
  route('GET /api/capabilities/proposals', listProposals, {
    toAnswer: ({ proposals }: Answered<typeof listProposals>) => ({ proposals }),
  }),
  route('POST /api/capabilities/proposals/{id}/approve', approveProposal, ofOne),
  route('POST /api/capabilities/proposals/{id}/reject', rejectProposal, ofOne),
  route('POST /api/capabilities/proposals/{id}/execute', executeProposal, ofOne),
];
