export { getPosture } from './get-posture';
export { postureCanary } from './posture-canary';
