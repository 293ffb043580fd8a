import { CAPABILITY_CATALOG, classIn } from '@muster/contract/capabilities';
import { changed } from '../../platform/operations/change';
import { defineChange } from '../../platform/operations/define-change';
import { isReservedCapability } from '@muster/contract/chaos';
import { badInput, MusterError } from '@muster/core/errors';
import { collections } from '@muster/core/storage/paths';
import type { Work } from '@muster/core/storage/work';
import { policyAsStored, policyAt, restrictionsOf, type Restriction } from '@muster/guard/policy-document';
import { currentPolicy } from '../policy/for-others/current-policy';
import { exemptUntil, withExemption } from './exemption';
import { exemptionGranted, exemptionRequested } from './exemption-audit';
import {
  exemptionAt,
  exemptionDocument,
  isWaiting,
  toExemptionView,
  type ExemptionDocument,
} from './exemption-document';
import { needsSecondPerson, secondPerson, standingRequest } from '../policy/for-others/second-person';

const RESERVED = 'reserved for experiments and the canary, which nobody is exempted from';

/** That wait for their second person, for one owner and one capability. */
const MOST_WAITING = 3;

/**
 * `exemptions-grant`. Never forbidden by policy: it is how staff lets one thing through. Reads revocation and policy and, where
 * two persons are needed, what waits and its first person's revocation; writes policy, exemption and entry. The exemption is
 * from what restricts the capability now, and from nothing later.
 */
export const grantExemption = defineChange('exemptions-grant', {
  guarded: false,
  cost: { reads: 8, writes: 3 },
  reads: () => [policyAsStored()],
  async decide({ work, actor, roles, ids, now, limits }, { owner, capability, justification, ...input }) {
    if (isReservedCapability(capability)) throw badInput([{ field: 'capability', problem: RESERVED }]);
    const until = exemptUntil(input.until, now);
    // It would not serve them anyway: the guard looks who granted it.
    if (owner === actor.id) {
      throw needsSecondPerson('Nobody grants themselves an exemption.', 'Ask another staff member to grant it.');
    }
    const { policy, rebuilt } = await currentPolicy(work);
    const restrictions = exemptible(
      restrictionsOf(policy, { name: capability, class: classIn(CAPABILITY_CATALOG, capability) }, now),
      capability,
    );
    const waiting = limits.twoPersons ? await waitingFor(work, { owner, capability }, now) : undefined;
    const asking = { by: actor.id, roles, at: now, breakGlass: input.breakGlass ?? false };
    const second = secondPerson(limits.twoPersons, waiting?.request ?? null, asking);
    const isSecond = second === 'proceed' && waiting !== undefined;

    const id = isSecond ? waiting.id : ids('exm');
    const granted: ExemptionDocument = {
      owner,
      capability,
      justification,
      grantedBy: second === 'ask' ? null : actor.id,
      requestedBy: second === 'ask' ? actor.id : isSecond ? waiting.request.by : null,
      grantedAt: now,
      until: isSecond && waiting.found.until < until ? waiting.found.until : until,
      from: restrictions.map(({ activation, name }) => ({ activation, name })),
      revokedAt: null,
      revokedBy: null,
      revokeReason: null,
    };
    const end = second === 'break_glass' ? ('break_glass' as const) : null;
    const answered = (message: string) => ({ exemption: toExemptionView(id, granted, now), end, message });
    if (second === 'ask') {
      work.create(exemptionAt(id), granted);
      return changed(
        answered(`${owner} is not exempt yet: another staff member must grant the same, within a day.`),
        exemptionRequested(id, granted),
      );
    }
    const by = [actor.id, ...(isSecond ? [waiting.request.by] : [])];
    const exemption = { id, owner, capability, until: granted.until, by };
    work.write(policyAt(), withExemption(policy, restrictions, exemption, now));
    if (isSecond) work.write(exemptionAt(id), granted);
    else work.create(exemptionAt(id), granted);
    return changed(
      answered(`${owner} may do ${capability} until ${granted.until.toISOString()}.`),
      exemptionGranted(id, granted, { rebuilt, breakGlass: end !== null }),
    );
  },
  afterwards: async ({ log }, { end, message }) => {
    if (end === 'break_glass') log.critical('an exemption was granted by breaking the glass', { message });
  },
});

/** What somebody may be exempted from, of all that restricts this; refuses where that is nothing. */
const exemptible = (all: readonly Restriction[], capability: string): Restriction[] => {
  if (all.length === 0) throw nothingRestricted(capability);
  const restrictions = all.filter(({ kind }) => kind !== 'connector_offline');
  if (restrictions.length === 0) throw nobodyIsExempt(capability);
  return restrictions;
};

/** The newest request for the same that still waits, and whose first person still is one. */
const waitingFor = async (
  work: Pick<Work, 'read' | 'find'>,
  { owner, capability }: Pick<ExemptionDocument, 'owner' | 'capability'>,
  now: Date,
) => {
  const found = await work.find({
    collection: collections.exemptions,
    schema: exemptionDocument,
    where: [
      { field: 'owner', is: '==', value: owner },
      { field: 'capability', is: '==', value: capability },
      { field: 'grantedBy', is: '==', value: null },
    ],
    orderBy: [{ field: 'grantedAt', direction: 'desc' }],
    limit: MOST_WAITING,
  });
  for (const { id, data } of found) {
    if (data.requestedBy === null || !isWaiting(data, now)) continue;
    const request = await standingRequest(work, { by: data.requestedBy, at: data.grantedAt });
    if (request) return { id, found: data, request };
  }
  return undefined;
};

/** What is out cannot be written to, whoever asks. */
const nobodyIsExempt = (capability: string): MusterError =>
  new MusterError('CONFLICT', `${capability} waits for a connector that is out; no exemption brings it back.`, {
    reason: 'NOTHING_RESTRICTED',
    capability,
    next: 'Queue what is to be written (connectors-send), and see GET /api/connectors/health.',
  });

const nothingRestricted = (capability: string): MusterError =>
  new MusterError(
    'CONFLICT',
    `Nothing restricts ${capability} now, and an exemption is from what stands, not from what may come. Nothing was changed.`,
    {
      reason: 'NOTHING_RESTRICTED',
      capability,
      next: 'Grant it once something does (policy-get tells what is restricted).',
    },
  );
