import { isDeepStrictEqual } from 'node:util';
import { logicalName, paths } from '@muster/core/storage/paths';
import { changed, unchanged } from '../../../platform/operations/change';
import { defineChange } from '../../../platform/operations/define-change';
import { namedIn, refuseMore, savedQueriesAt, toSavedQuery } from './saved-queries';

/** `audit-queries-save`: the revocation record and the one document of all of them, which is written with its entry. */
export const saveQuery = defineChange('audit-queries-save', {
  guarded: false,
  cost: { reads: 2, writes: 2 },
  reads: () => [savedQueriesAt()],
  async decide({ work, now, ids, actor }, { name, query }) {
    const all = await work.read(savedQueriesAt());
    const taken = namedIn(all, name);
    const before = taken === undefined ? undefined : all?.queries[taken];
    if (taken !== undefined && before && before.name === name && isDeepStrictEqual(before.query, query))
      return unchanged({ changed: false, saved: toSavedQuery(taken, before) });
    if (taken === undefined) refuseMore(all);

    const id = taken ?? ids('qry');
    const saved = { name, query, savedBy: actor.id, savedAt: now };
    work.write(savedQueriesAt(), { queries: { ...all?.queries, [id]: saved } });
    return changed(
      { changed: true, saved: toSavedQuery(id, saved) },
      {
        action: before ? 'audit_query.replaced' : 'audit_query.saved',
        target: logicalName(paths.auditQueries()),
        metadata: { queryId: id, name, query, ...(before ? { before: before.query } : {}) },
      },
    );
  },
});
