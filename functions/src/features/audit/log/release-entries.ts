import { changed, unchanged } from '../../../platform/operations/change';
import { defineChange } from '../../../platform/operations/define-change';
import { logicalName, paths } from '@muster/core/storage/paths';
import { holdsAt, keepingOf, NOTHING_HELD, toHolds } from './holds';
import { retentionDaysOf } from './retention';

/** `audit-release`: ends a legal hold; another that stands keeps every entry all the same. */
export const releaseEntries = defineChange('audit-release', {
  guarded: false,
  cost: { reads: 2, writes: 2 },
  reads: () => [holdsAt()],
  async decide({ work, limits }, { holdId, reason }) {
    const stored = (await work.read(holdsAt())) ?? NOTHING_HELD;
    const { [holdId]: ended, ...others } = stored.holds;
    if (!ended) return unchanged({ released: false, holds: toHolds(stored) });
    const left = { ...stored, holds: others };
    work.write(holdsAt(), left);
    const metadata = { holdId, heldSince: ended.since, placedBy: ended.by };
    return changed(
      { released: true, holds: toHolds(left) },
      {
        action: 'audit_log.hold_released',
        target: logicalName(paths.auditHolds()),
        rationale: reason,
        metadata,
        keeping: keepingOf(left, retentionDaysOf(limits)),
      },
    );
  },
});
