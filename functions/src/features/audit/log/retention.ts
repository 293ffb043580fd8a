/** How long entries are kept. */
import { SHORTEST_RETENTION_DAYS } from '@muster/tlog/export/record';
import type { Adapters } from '../../../platform/operations/adapters';

export const DAY_MS = 86_400_000;

/**
 * Whatever a deployment says, no less than `SHORTEST_RETENTION_DAYS`: an audit that is kept for less proves little, and whoever
 * checks an export takes no run for one that ended entries sooner.
 */
export const retentionDaysOf = ({ retentionDays }: Pick<Adapters['limits'], 'retentionDays'>): number =>
  Math.max(SHORTEST_RETENTION_DAYS, retentionDays);
