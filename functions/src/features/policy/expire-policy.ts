import { changed, unchanged } from '../../platform/operations/change';
import { bindsAt, NO_MODE, policyAsStored, policyAt, type PolicyDocument } from '@muster/guard/policy-document';
import type { Job, JobContext } from '../../platform/operations/job';
import type { Work } from '@muster/core/storage/work';
import { endActivation } from './for-others/activations';
import { closeRefusals } from './settle-refusal-counts';
import { readablePolicy } from './for-others/current-policy';
import { expiredSwitches, withoutSwitch } from './kill-switch';
import { modeExited, policyRebuilt, switchDisabled } from './policy-audit';

/**
 * `policy-expire`: ends what has worn off (it binds no one any more; this makes it history), rewrites a policy of an
 * earlier version, and closes the minutes in which more than one call was refused.
 */
export const expirePolicy: Job = {
  name: 'policy_expire',
  schedule: '*/5 * * * *',
  cost: { reads: 7, writes: 6, readsPerRow: 1, writesPerRow: 2 },
  async run(context) {
    const found = await lookAt(context);
    if (!found) return { expired: 0, malformed: 1, refusals: await closeRefusals(context) };
    if (found.outdated) await upgrade(context);
    const modeEnded = found.modeExpired && (await expireMode(context));
    let expired = modeEnded ? 1 : 0;
    for (const name of found.switches) if (await expireSwitch(context, name)) expired += 1;
    return { expired, malformed: 0, refusals: await closeRefusals(context) };
  },
};

/** What there is to do. Guarded writes are refused when it cannot be read; the run must not say that all is well. */
const lookAt = async ({ now, change }: JobContext) => {
  let found: { outdated: boolean; modeExpired: boolean; switches: string[] } | undefined;
  await change('look', async (work) => {
    const stored = await work.read(policyAsStored());
    const policy = readablePolicy(stored);
    found = policy && {
      outdated: (stored as { version?: unknown }).version !== policy.version,
      modeExpired: hasExpiredMode(policy, now),
      switches: expiredSwitches(policy, now).map(([name]) => name),
    };
    return unchanged(false);
  });
  return found;
};

const hasExpiredMode = ({ mode }: PolicyDocument, now: Date): boolean => mode.name !== 'normal' && !bindsAt(mode, now);

const policyIn = async (work: Work): Promise<PolicyDocument | undefined> =>
  readablePolicy(await work.read(policyAsStored()));

const upgrade = ({ change }: JobContext): Promise<boolean> =>
  change('upgrade', async (work) => {
    const policy = await policyIn(work);
    if (!policy) return unchanged(false);
    work.write(policyAt(), policy);
    return changed(true, policyRebuilt(policy));
  });

const expireMode = ({ now, change }: JobContext): Promise<boolean> =>
  change('expire', async (work) => {
    const before = await policyIn(work);
    if (!before || !hasExpiredMode(before, now)) return unchanged(false);
    const { name, until, activation } = before.mode;
    await endActivation(work, activation, { end: 'expired', by: 'muster', reason: null, at: until ?? now });
    work.write(policyAt(), { ...before, mode: NO_MODE });
    return changed(true, modeExited(name, { reason: 'expired', details: undefined, until }));
  });

const expireSwitch = ({ now, change }: JobContext, name: string): Promise<boolean> =>
  change(`expire ${name}`, async (work) => {
    const before = await policyIn(work);
    const entry = before && expiredSwitches(before, now).find(([other]) => other === name)?.[1];
    if (!before || !entry) return unchanged(false);
    const { activation, until } = entry;
    await endActivation(work, activation, { end: 'expired', by: 'muster', reason: null, at: until ?? now });
    work.write(policyAt(), withoutSwitch(before, name));
    return changed(true, switchDisabled({ capability: name, reason: 'expired', activation, until, expired: true }));
  });
