import type * as z from 'zod';
import { routes as shapes } from './contract/ops-api';
import { queryAudit } from './features/audit';
import { listDrillRows, recordDrillStatus } from './features/drills';
import { recordDegraded } from './features/switches';
import type { Route } from './platform/api';
import type { Operation } from './platform/operation';

/** Which operation answers which route. What is posted is what the operation is asked, unless a line says otherwise. */
export const opsRoutes: readonly Route[] = [
  route('POST /api/ops/drills', recordDrillStatus),
  route('GET /api/ops/drills', listDrillRows),
  route('POST /api/ops/degraded', recordDegraded),
  route('GET /api/ops/audit', queryAudit, ({ entries }: z.output<(typeof queryAudit)['contract']['response']>) => ({
    rows: entries,
  })),
];

function route(
  key: keyof typeof shapes,
  operation: Operation,
  toAnswer: (response: never) => object = (same) => same,
): Route {
  const [method, path = ''] = key.split(' ');
  const shape = shapes[key];
  return {
    method: method === 'GET' ? 'get' : 'post',
    path,
    input: 'body' in shape ? shape.body : shape.query,
    operation,
    toRequest: (input) => input,
    toAnswer,
  };
}
