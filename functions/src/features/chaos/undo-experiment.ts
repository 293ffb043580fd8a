/** Undoing an experiment: one way, for the runner that finishes, for `chaos-stop` and for the schedule. */
import type { AuditDraft } from '@muster/core/audit/audit-draft';
import { logicalName, paths } from '@muster/core/storage/paths';
import type { Work } from '@muster/core/storage/work';
import { connectorIn, killedIn, MOST_CONNECTORS, subjectIn } from '@muster/contract/chaos';
import { covers } from '@muster/contract/capabilities';
import { capabilityOf } from '@muster/contract/connectors';
import { revokeDelegationsTo } from '../delegations/for-others/undo-delegations';
import { removeConnectors } from '../connectors/for-others/undo-connectors';
import { endRestrictions } from '../policy/for-others/undo-restrictions';
import type { Experiment } from './experiment-document';

/** On the usual way: policy, connectors with their queues, their writes, delegations; each thing undone is a row. */
export const UNDO_READS = 3 + 2 * MOST_CONNECTORS;

/** Longer than any call lasts: what a runner that was lost or halted had on its way may arrive after it was undone. */
export const LOOK_AGAIN_MS = 2 * 60_000;
/** What could not be undone is tried again with the next run of the schedule. */
const TRY_AGAIN_MS = 60_000;

/** How it ends; an experiment that ended before keeps its result. */
export interface End extends Partial<Pick<Experiment, 'figures' | 'journalDigest'>> {
  status: Exclude<Experiment['status'], 'armed'>;
  reason: string | null;
}

export interface Undone {
  after: Experiment;
  /** What was still there, by name. */
  undone: string[];
  /** It had ended before, and nothing was left. */
  settled: boolean;
  /** False when the policy could not be read, or there was more than fits into one commit: the schedule goes on. */
  complete: boolean;
}

/** Stages the end of everything of an experiment's scope that is still there, and the experiment as it is afterwards. */
export const undoExperiment = async (
  work: Work,
  { id, before, by, at }: { id: string; before: Experiment; by: string; at: Date },
  end: End,
): Promise<Undone> => {
  const { undone, complete } = await undoScope(work, before, { by, at, reason: `The experiment ${id} has ended.` });
  const isFirst = before.status === 'armed';
  const mayFollow = isFirst ? end.status === 'aborted' || end.status === 'lost' : undone.length > 0;
  const undoInMs = complete ? (mayFollow ? LOOK_AGAIN_MS : undefined) : TRY_AGAIN_MS;
  // How it ended and whether something is left are two things: a policy that cannot be read takes no result away.
  const ended = isFirst ? { ...before, ...end, endedAt: at } : before;
  const undoAt = undoInMs === undefined ? null : new Date(at.getTime() + undoInMs);
  return { after: { ...ended, undoAt }, undone, settled: !isFirst && undone.length === 0, complete };
};

/** One commit, one entry. */
export const rolledBack = (id: string, { after, undone, settled, complete }: Undone): AuditDraft => ({
  action: settled ? 'chaos.settled' : 'chaos.rolled_back',
  target: logicalName(paths.experiment(id)),
  exercise: true,
  rationale: after.reason ?? undefined,
  drillId: after.drillId ?? undefined,
  metadata: { experiment: after.experiment, scope: after.scope, status: after.status, undone, complete },
});

const undoScope = async (
  work: Work,
  { scope, connectors }: Experiment,
  ending: { by: string; reason: string; at: Date },
): Promise<{ undone: string[]; complete: boolean }> => {
  const ids = Array.from({ length: connectors }, (_, index) => connectorIn(scope, index + 1));
  const killed = [killedIn(scope), ...ids.map(capabilityOf)];
  const restrictions = await endRestrictions(
    work,
    { killed: (name) => killed.some((own) => covers(own, name)), offline: (connector) => ids.includes(connector) },
    ending,
  );
  const { removed, all } = await removeConnectors(work, subjectIn(scope), ids);
  const delegations = await revokeDelegationsTo(work, subjectIn(scope), ending);
  return {
    undone: [...(restrictions ?? []), ...[...removed, ...delegations.revoked].map(logicalName)],
    complete: restrictions !== undefined && all && delegations.all,
  };
};
