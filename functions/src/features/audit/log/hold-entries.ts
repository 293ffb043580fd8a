import { changed } from '../../../platform/operations/change';
import { defineChange } from '../../../platform/operations/define-change';
import { logicalName, paths } from '@muster/core/storage/paths';
import { holdsAt, refuseTooMany } from './holds';

/** `audit-hold`: from its answer on, no entry is marked to come to its end, and marks that stand are taken off. */
export const holdEntries = defineChange('audit-hold', {
  guarded: false,
  cost: { reads: 2, writes: 2 },
  reads: () => [holdsAt()],
  async decide({ work, now, ids, actor }, { reason }) {
    const stored = await work.read(holdsAt());
    refuseTooMany(stored);
    const id = ids('hld');
    work.write(holdsAt(), { holds: { ...stored?.holds, [id]: { reason, by: actor.id, since: now } } });
    return changed(
      { hold: { id, reason, by: actor.id, since: now.toISOString() } },
      {
        action: 'audit_log.hold_placed',
        target: logicalName(paths.auditHolds()),
        rationale: reason,
        metadata: { holdId: id },
      },
    );
  },
});
