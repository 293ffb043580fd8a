import type { chaos } from '@muster/contract';
import type { Experiment } from './experiment';
import { connectorStorm } from './experiments/connector-storm';
import { delegationRace } from './experiments/delegation-race';
import { forgery } from './experiments/forgery';
import { killSwitch } from './experiments/kill-switch';
import { policyOutage } from './experiments/policy-outage';
import { replay } from './experiments/replay';
import { sessionRevocationRace } from './experiments/session-revocation-race';

/** Every experiment, in the order of a game day. */
export const EXPERIMENTS: Readonly<Record<chaos.ExperimentName, Experiment>> = {
  'kill-switch': killSwitch,
  'connector-storm': connectorStorm,
  'delegation-race': delegationRace,
  'session-revocation-race': sessionRevocationRace,
  replay,
  forgery,
  'policy-outage': policyOutage,
};
