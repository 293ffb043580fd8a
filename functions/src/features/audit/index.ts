export { appendEntry } from './append-entry';
export { queryAudit } from './query-audit';
