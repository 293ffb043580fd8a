import { aboutDrill, type AuditDraft } from '@muster/core/audit/audit-draft';
import type { PostedStatus } from '@muster/contract/drills';
import type { Drill } from './drill-document';
import { mttrMinutesOf } from '../../timeline/figures';

/** The action under which each recorded status of a drill stands; existing clients ask for it by this name. */
export const DRILL_EVENT = 'studio_ops.drill_event';

/** What was posted stands in the entry as it was posted, also where the drill has no place for it, or measured otherwise. */
interface Posted {
  outcome?: string | undefined;
  notes?: string | undefined;
  mttrMinutes?: number | undefined;
  unresolvedRisks?: string[] | undefined;
}

/** The entry of a status: what existing clients read, and which drill it is. */
export const statusEntry = (
  id: string,
  drill: Drill,
  status: PostedStatus,
  more: Posted & { rationale?: string | undefined } = {},
): AuditDraft => ({
  action: DRILL_EVENT,
  ...aboutDrill(id),
  severity: drill.severity,
  rationale: more.rationale,
  metadata: {
    scenarioId: drill.scenarioId,
    status,
    outcome: drill.outcome ?? more.outcome ?? null,
    notes: drill.notes ?? more.notes ?? null,
    mttrMinutes: more.mttrMinutes ?? mttrMinutesOf(drill.figures),
    unresolvedRisks: more.unresolvedRisks ?? drill.unresolvedRisks,
    drillId: id,
    severity: drill.severity,
    ...(drill.figures ? { figures: drill.figures } : {}),
  },
});
