import { route, type Route } from '../../../platform/transport/route';
import { listDrillRows } from './list-drill-rows';
import { recordDrillStatus } from './record-drill-status';

export const drillRoutes: readonly Route[] = [
  route('POST /api/ops/drills', recordDrillStatus),
  route('GET /api/ops/drills', listDrillRows),
];
