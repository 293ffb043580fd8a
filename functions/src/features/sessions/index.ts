export { revokeSessions } from './revoke-sessions';
