import { defineRead } from '../../../platform/operations/define-read';
import { findEntries } from '../../audit/for-others/audit-reader';
import { DRILL_EVENT } from '../drill-audit';

/** `GET /api/ops/drills`: one row for each recorded status, newest first; each is the audit entry of its change. */
export const listDrillRows = defineRead('ops-listDrillRows', {
  cost: { reads: 2, writes: 0, readsPerRow: 1 },
  async answer({ work }, { limit }) {
    const { entries } = await findEntries(work, { actionPrefix: DRILL_EVENT, limit });
    return {
      rows: entries.map(({ id, at, metadata }) => ({
        id,
        at,
        scenarioId: textOf(metadata['scenarioId']) ?? '',
        status: textOf(metadata['status']) ?? '',
        outcome: textOf(metadata['outcome']),
        notes: textOf(metadata['notes']),
        mttrMinutes: typeof metadata['mttrMinutes'] === 'number' ? metadata['mttrMinutes'] : null,
        unresolvedRisks: Array.isArray(metadata['unresolvedRisks']) ? metadata['unresolvedRisks'].map(String) : [],
      })),
    };
  },
});

const textOf = (value: unknown): string | null => (typeof value === 'string' ? value : null);
