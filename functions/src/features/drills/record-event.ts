import { aboutDrill } from '@muster/core/audit/audit-draft';
import { changed } from '../../platform/operations/change';
import { MusterError } from '@muster/core/errors';
import { defineChange } from '../../platform/operations/define-change';
import { recordEvent as record } from './drill';
import { drillAt, drillEventAt, toDrillView, toEventView, type DrillEvent } from './drill-document';
import { unknownDrill, unknownEvent } from './drill-errors';

/**
 * `drills-recordEvent`. Reads policy, revocation, drill; writes drill, event, entry. A correction also reads
 * the event that was wrong and notes on it what counts instead.
 */
export const recordEvent = defineChange('drills-recordEvent', {
  guarded: 'muster.drills.record_event',
  cost: { reads: 4, writes: 4 },
  reads: ({ drillId, supersedes }) => [
    drillAt(drillId),
    ...(supersedes === undefined ? [] : [drillEventAt(drillId, supersedes)]),
  ],
  async decide({ work, actor, ids, now }, input) {
    const before = await work.read(drillAt(input.drillId));
    if (!before) throw unknownDrill();
    const eventId = ids('evt');
    const at = input.at === undefined ? now : new Date(input.at);
    const supersedes = input.supersedes ?? null;

    const wrong = supersedes === null ? undefined : await work.read(drillEventAt(input.drillId, supersedes));
    if (supersedes !== null) refuseBadCorrection(wrong, input.type);
    const drill = record(before, { id: eventId, type: input.type, at, supersedes, now });

    const event: DrillEvent = {
      type: input.type,
      at,
      recordedAt: now,
      recordedBy: actor.id,
      seenBy: input.seenBy ?? null,
      note: input.note ?? null,
      supersedes,
      supersededBy: null,
    };
    // Written also when the projection is unchanged: an event must not slip in behind a completion.
    work.write(drillAt(input.drillId), drill);
    work.create(drillEventAt(input.drillId, eventId), event);
    if (supersedes !== null && wrong) {
      work.write(drillEventAt(input.drillId, supersedes), { ...wrong, supersededBy: eventId });
    }
    return changed(
      { drill: toDrillView(input.drillId, drill), event: toEventView({ id: eventId, data: event }) },
      {
        action: wrong ? 'drills.event_corrected' : 'drills.event_recorded',
        ...aboutDrill(input.drillId),
        severity: drill.severity,
        metadata: {
          eventId,
          type: input.type,
          at: at.toISOString(),
          ...(wrong ? { supersedes, previousAt: wrong.at.toISOString() } : {}),
          ...(wrong && before.figures ? { previousFigures: before.figures, figures: drill.figures } : {}),
        },
      },
    );
  },
});

/** A correction corrects the same kind of event, and the one that counts now. */
const refuseBadCorrection = (wrong: DrillEvent | undefined, type: DrillEvent['type']): void => {
  if (!wrong) throw unknownEvent();
  if (wrong.type !== type) {
    throw new MusterError('CONFLICT', `That event is "${wrong.type}"; a correction must be of the same type.`, {
      reason: 'WRONG_STATE',
      fields: [{ field: 'type', problem: `must be "${wrong.type}"` }],
      next: `Send type "${wrong.type}".`,
    });
  }
  if (wrong.supersededBy !== null) {
    throw new MusterError('CONFLICT', 'That event was corrected already.', {
      reason: 'ALREADY_RECORDED',
      fields: [{ field: 'supersedes', problem: 'corrected already' }],
      next: `Correct the correction instead: supersedes: "${wrong.supersededBy}".`,
    });
  }
};
