/** How long entries are kept. */
import { HORIZON_MS } from '@muster/tlog/export/record';
import type { Adapters } from '../../../platform/operations/adapters';

export const DAY_MS = 86_400_000;

/**
 * Whatever a deployment says. An audit that is kept for less proves little; and whoever checks an export takes an entry
 * that was sealed less long ago than this, and is gone, for removed by somebody.
 */
export const SHORTEST_RETENTION_DAYS = HORIZON_MS / DAY_MS;

export const retentionDaysOf = ({ retentionDays }: Pick<Adapters['limits'], 'retentionDays'>): number =>
  Math.max(SHORTEST_RETENTION_DAYS, retentionDays);
