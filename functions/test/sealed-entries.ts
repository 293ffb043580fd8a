/** A log with as many entries as a test wants, appended by the one door and sealed by the one sealer. */
import { appendEntry } from '@muster/core/audit/append-entry';
import { aboutDrill, type AuditDraft } from '@muster/core/audit/audit-draft';
import { Meter } from '@muster/core/meter';
import { sealWaiting } from '../src/features/audit/log/seal';
import { keepLog } from '../src/platform/operations/keep-log';
import type { Backend } from './harness';

/** What each entry is about; every seventh belongs to a drill. */
const draftAt = (index: number): AuditDraft => ({
  action: index % 2 === 0 ? 'studio_ops.drill_event' : 'policy.capability_killed',
  ...(index % 7 === 0 ? aboutDrill('drl_sealed0000') : { target: 'policy/current' }),
  rationale: `Reason number ${index}: a laptop was stolen.`,
  outcome: index % 5 === 0 ? 'refused' : 'success',
  metadata: { attempt: index, capability: 'shipping.commit', nested: { list: [index, 'two'] } },
});

export const appendMany = async ({ deps, firestore }: Backend, count: number): Promise<void> => {
  const actor = { type: 'staff', id: 'uid-staff' } as const;
  for (let first = 0; first < count; first += 400) {
    const batch = firestore.batch();
    for (let index = first; index < Math.min(count, first + 400); index += 1) {
      const at = new Date(deps.clock().getTime() + index);
      const from = { ip: '192.0.2.7', sessionId: `ses_${index % 9}` };
      const context = { entryId: deps.ids('aud'), at, actor, correlationId: `req_${index}`, from };
      const { address, data } = appendEntry(draftAt(index), context);
      batch.create(firestore.doc(address.path), data);
    }
    await batch.commit();
  }
};

export const sealAll = async ({ deps }: Backend): Promise<void> => {
  const { clock, log, salts, store } = deps;
  const sealing = {
    ...{ clock, log, salts, signer: deps.signer() },
    keepLog: <T>(decide: Parameters<typeof keepLog<T>>[2]) => keepLog(store, new Meter(), decide),
  };
  const { left } = await sealWaiting(sealing, new Date(clock().getTime() + 60_000));
  if (left) throw new Error('not everything was sealed');
};
