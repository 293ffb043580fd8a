/** Every route of the HTTP API; each feature says how existing clients reach it. */
import { auditRoutes } from './features/audit/http/routes';
import { connectorRoutes } from './features/connectors/http/routes';
import { drillRoutes } from './features/drills/http/routes';
import { policyRoutes } from './features/policy/http/routes';
import { proposalRoutes } from './features/proposals/http/routes';
import type { Route } from './platform/transport/route';

export const httpRoutes: readonly Route[] = [
  ...drillRoutes,
  ...policyRoutes,
  ...auditRoutes,
  ...proposalRoutes,
  ...connectorRoutes,
];
