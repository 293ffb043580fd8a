import { route, type Route } from '../../../platform/transport/route';
import { connectorHealth } from '../connector-health';

export const connectorRoutes: readonly Route[] = [route('GET /api/connectors/health', connectorHealth)];
