import { route, type Route } from '../../../platform/transport/route';
import { recordDegraded } from './record-degraded';
import { setKillSwitch } from './set-kill-switch';

export const policyRoutes: readonly Route[] = [
  route('POST /api/ops/degraded', recordDegraded),
  route('POST /api/capabilities/policy/kill-switch', setKillSwitch),
];
