/** The contract: all that the command line, the console and other clients may know of the backend. */
export * from './errors';
export * from './operations';
export * as opsApi from './ops-api';
export * as actions from './actions';
export * as audit from './audit';
export * as chaos from './chaos';
export * as capabilities from './capabilities';
export * as connectors from './connectors';
export * as delegations from './delegations';
export * as drills from './drills';
export * as exemptions from './exemptions';
export * as policy from './policy';
export * as posture from './posture';
export * as scenarios from './scenarios';
export * as sessions from './sessions';
export * as staff from './staff';
export * as values from './values';
