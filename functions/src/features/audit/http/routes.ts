import { CAPABILITY_ACTIONS, routes as shapes } from '@muster/contract/ops-api';
import { MusterError } from '@muster/core/errors';
import { route, type Answered, type Route } from '../../../platform/transport/route';
import { getHead } from '../log/get-head';
import { queryAudit } from '../query-audit';
import { readTile } from '../witness/read-tile';

const rows = ({ entries }: Answered<typeof queryAudit>): object => ({ rows: entries });

export const auditRoutes: readonly Route[] = [
  route('GET /api/ops/audit', queryAudit, { toAnswer: rows }),
  route('GET /api/capabilities/audit', queryAudit, {
    toRequest: (query: object) => ({ ...query, actionPrefix: CAPABILITY_ACTIONS }),
    toAnswer: rows,
  }),
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
