export { enterDegraded } from './enter-degraded';
export { exitDegraded } from './exit-degraded';
export { expirePolicy } from './expire-policy';
export { getPolicy } from './get-policy';
export { recordDegraded } from './record-degraded';
