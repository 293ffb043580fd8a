import { changed } from '../../../platform/operations/change';
import { defineChange } from '../../../platform/operations/define-change';
import { logicalName, paths } from '@muster/core/storage/paths';
import { holdsAt, keepingOf, NOTHING_HELD, refuseTooMany } from './holds';
import { retentionDaysOf } from './retention';

/** `audit-hold`: from its answer on no entry comes to its end, whatever was announced; what the database has not deleted yet is kept. */
export const holdEntries = defineChange('audit-hold', {
  guarded: false,
  cost: { reads: 2, writes: 2 },
  reads: () => [holdsAt()],
  async decide({ work, now, ids, actor, limits }, { reason }) {
    const stored = (await work.read(holdsAt())) ?? NOTHING_HELD;
    refuseTooMany(stored);
    const id = ids('hld');
    const held = { ...stored, holds: { ...stored.holds, [id]: { reason, by: actor.id, since: now } }, announced: null };
    work.write(holdsAt(), held);
    return changed(
      { hold: { id, reason, by: actor.id, since: now.toISOString() } },
      {
        action: 'audit_log.hold_placed',
        target: logicalName(paths.auditHolds()),
        rationale: reason,
        metadata: { holdId: id },
        keeping: keepingOf(held, retentionDaysOf(limits)),
      },
    );
  },
});
