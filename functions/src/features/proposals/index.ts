export { approveProposal } from './approve-proposal';
export { executeProposal } from './execute-proposal';
export { listProposals } from './list-proposals';
export { rejectProposal } from './reject-proposal';
export { reopenProposal } from './reopen-proposal';
export { requestProposal } from './request-proposal';
