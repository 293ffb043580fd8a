export { grantExemption } from './grant-exemption';
export { listExemptions } from './list-exemptions';
export { revokeExemption } from './revoke-exemption';
