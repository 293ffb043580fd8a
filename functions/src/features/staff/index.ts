export { grantStaff } from './grant-staff';
export { listStaff } from './list-staff';
export { revokeStaff } from './revoke-staff';
export { surveyClaims } from './survey-claims';
