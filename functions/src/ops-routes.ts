import type * as z from 'zod';
import { CAPABILITY_ACTIONS, routes as shapes } from './contract/ops-api';
import { approveAction, executeAction, listActions, rejectAction, requestAction } from './features/actions';
import { getHead, queryAudit, readTile } from './features/audit';
import { listDrillRows, recordDrillStatus } from './features/drills';
import { connectorHealth, recordDegraded, setKillSwitch } from './features/switches';
import { MusterError } from '../../guard/src/errors';
import type { Route } from './platform/api';
import type { Operation } from './platform/operation';

type Answered<Of extends Operation> = z.output<Of['contract']['response']>;

const auditRows = ({ entries }: Answered<typeof queryAudit>): object => ({ rows: entries });

/** In the words of existing clients: a delegation that does not hold, and a restriction with its cause. */
const proposalRefusal: Route['refusal'] = ({ code, details: { reason } }) => {
  if (code === 'NOT_DELEGATED') return { reasonCode: reason };
  const restricted = code === 'RESTRICTED' || reason === 'POLICY_UNAVAILABLE';
  return restricted ? { decision: { reasonCode: 'BLOCKED_BY_POLICY', cause: reason } } : {};
};

const ofProposal: Partial<Route> = {
  toRequest: (body: object, { id }) => ({ ...body, actionId: id }),
  refusal: proposalRefusal,
};

/** Which operation answers which route. What is posted is what the operation is asked, unless a line says otherwise. */
export const opsRoutes: readonly Route[] = [
  route('POST /api/ops/drills', recordDrillStatus),
  route('GET /api/ops/drills', listDrillRows),
  route('POST /api/ops/degraded', recordDegraded),
  route('GET /api/ops/audit', queryAudit, { toAnswer: auditRows }),
  route('POST /api/capabilities/policy/kill-switch', setKillSwitch),
  route('POST /api/capabilities/proposals', requestAction, { status: 201, refusal: proposalRefusal }),
  route('GET /api/capabilities/proposals', listActions, {
    toAnswer: ({ proposals }: Answered<typeof listActions>) => ({ proposals }),
  }),
  route('POST /api/capabilities/proposals/{id}/approve', approveAction, ofProposal),
  route('POST /api/capabilities/proposals/{id}/reject', rejectAction, ofProposal),
  route('POST /api/capabilities/proposals/{id}/execute', executeAction, ofProposal),
  route('GET /api/capabilities/audit', queryAudit, {
    toRequest: (query: object) => ({ ...query, actionPrefix: CAPABILITY_ACTIONS }),
    toAnswer: auditRows,
  }),
  route('GET /api/connectors/health', connectorHealth),
  route('GET /api/audit/log/checkpoint', getHead, {
    content: ({ head }: Answered<typeof getHead>) => {
      if (!head) throw new MusterError('NOT_FOUND', 'Nothing is sealed yet.', { reason: 'UNKNOWN_ENTRY' });
      return { type: shapes['GET /api/audit/log/checkpoint'].content, body: head.note };
    },
  }),
  route('GET /api/audit/log/tile/{+tile}', readTile, {
    toRequest: (_query: object, { tile }) => ({ tile: [tile].flat().join('/') }),
    content: ({ hashes }: Answered<typeof readTile>) => ({
      type: shapes['GET /api/audit/log/tile/{+tile}'].content,
      body: Buffer.from(hashes, 'base64'),
    }),
  }),
];

function route(key: keyof typeof shapes, operation: Operation, more: Partial<Route> = {}): Route {
  const [method, path = ''] = key.split(' ');
  const shape = shapes[key];
  return {
    method: method === 'GET' ? 'get' : 'post',
    path,
    input: 'body' in shape ? shape.body : shape.query,
    operation,
    toRequest: (input) => input,
    toAnswer: (same) => same,
    ...more,
  };
}
