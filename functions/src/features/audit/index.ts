export { queryAudit } from './query-audit';
