export { grantStaff } from './grant-staff';
export { revokeStaff } from './revoke-staff';
