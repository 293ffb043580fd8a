import { logicalName, paths } from '@muster/core/storage/paths';
import { changed, unchanged } from '../../../platform/operations/change';
import { defineChange } from '../../../platform/operations/define-change';
import { savedQueriesAt } from './saved-queries';

/** `audit-queries-delete`: its entry has all that was kept. */
export const deleteQuery = defineChange('audit-queries-delete', {
  guarded: false,
  cost: { reads: 2, writes: 2 },
  reads: () => [savedQueriesAt()],
  async decide({ work }, { queryId }) {
    const { [queryId]: gone, ...left } = (await work.read(savedQueriesAt()))?.queries ?? {};
    if (!gone) return unchanged({ deleted: false });
    work.write(savedQueriesAt(), { queries: left });
    return changed(
      { deleted: true },
      {
        action: 'audit_query.deleted',
        target: logicalName(paths.auditQueries()),
        metadata: { queryId, name: gone.name, query: gone.query },
      },
    );
  },
});
