export { grantDelegation } from './grant-delegation';
export { listDelegations } from './list-delegations';
export { revokeDelegation } from './revoke-delegation';
export { sweepOwners } from './sweep-owners';
