/** Exemptions in the restrictions that they are from. Pure. */
import { LONGEST_EXEMPTION_MS } from '@muster/contract/exemptions';
import { badInput, MusterError } from '@muster/core/errors';
import type { Exemptions, PolicyDocument, Restriction } from '@muster/guard/policy-document';

/** For each restriction. */
const MOST_EXEMPTIONS = 100;
/** In the whole policy: one document must hold them beside 100 kill switches, or the next kill could not be stored. */
const MOST_IN_POLICY = 400;

const DAY_MS = 24 * 60 * 60 * 1000;

/** Who may do what until when, under the id of its record. */
export interface Exemption {
  id: string;
  owner: string;
  capability: string;
  until: Date;
  /** Who granted it, the first person of two as well: it serves none of them. */
  by: string[];
}

/** The time that an exemption is asked for, or a refusal when that is over already or too far away. */
export const exemptUntil = (until: string, now: Date): Date => {
  const end = new Date(until);
  const lastsMs = end.getTime() - now.getTime();
  if (lastsMs > 0 && lastsMs <= LONGEST_EXEMPTION_MS) return end;
  const problem = `a time to come, at most ${LONGEST_EXEMPTION_MS / DAY_MS} days away (it is ${now.toISOString()} here)`;
  throw badInput([{ field: 'until', problem }]);
};

/**
 * The policy with an exemption from each of these restrictions, and without those whose time has come. One that stands
 * is never overwritten: who granted it did so with a reason of its own.
 */
export const withExemption = (
  before: PolicyDocument,
  restrictions: readonly Restriction[],
  exemption: Exemption,
  now: Date,
): PolicyDocument => {
  const { id, owner, capability, until, by } = exemption;
  const policy = eachExemption(before, (one) => one.until > now);
  const standing = restrictions.map((one) => heldBy(exemptionsOf(policy, one), exemption)).find(Boolean);
  if (standing) throw alreadyExempt(exemption, standing);
  const full = restrictions.find((one) => countOf(exemptionsOf(policy, one)) >= MOST_EXEMPTIONS);
  if (full) throw tooMany(`${MOST_EXEMPTIONS} exemptions from ${full.name === '*' ? 'killing everything' : full.name}`);
  const all = [policy.mode, ...Object.values(policy.killSwitches)].map(({ exemptions }) => countOf(exemptions));
  if (all.reduce((sum, one) => sum + one, restrictions.length) > MOST_IN_POLICY) {
    throw tooMany(`nearly ${MOST_IN_POLICY} exemptions from all that is restricted`);
  }
  return eachRestriction(policy, (kind, name, exemptions) =>
    restrictions.some((one) => one.kind === kind && one.name === name)
      ? { ...exemptions, [owner]: { ...ownOf(exemptions, owner), [capability]: { id, until, by } } }
      : exemptions,
  );
};

/** The policy without an exemption, or undefined when nothing holds it any more. */
export const withoutExemption = (before: PolicyDocument, id: string): PolicyDocument | undefined => {
  let held = false;
  const after = eachExemption(before, (one) => {
    held ||= one.id === id;
    return one.id !== id;
  });
  return held ? after : undefined;
};

const eachRestriction = (
  policy: PolicyDocument,
  change: (kind: Restriction['kind'], name: string, exemptions: Exemptions) => Exemptions,
): PolicyDocument => ({
  ...policy,
  mode: { ...policy.mode, exemptions: change('mode', policy.mode.name, policy.mode.exemptions) },
  killSwitches: Object.fromEntries(
    Object.entries(policy.killSwitches).map(([name, entry]) => [
      name,
      { ...entry, exemptions: change('kill_switch', name, entry.exemptions) },
    ]),
  ),
});

/** The policy with those exemptions alone that are to be kept. */
const eachExemption = (policy: PolicyDocument, keeps: (one: Exemptions[string][string]) => boolean): PolicyDocument =>
  eachRestriction(policy, (_kind, _name, exemptions) =>
    Object.fromEntries(
      Object.entries(exemptions)
        .map(([owner, own]) => [owner, Object.entries(own).filter(([, one]) => keeps(one))] as const)
        .filter(([, own]) => own.length > 0)
        .map(([owner, own]) => [owner, Object.fromEntries(own)]),
    ),
  );

const exemptionsOf = (policy: PolicyDocument, { kind, name }: Restriction): Exemptions =>
  (kind === 'mode' ? policy.mode : policy.killSwitches[name])?.exemptions ?? {};

/** Owners are the caller's words: a name such as `constructor` is there only if somebody put it there. */
const ownOf = (exemptions: Exemptions, owner: string): Exemptions[string] =>
  (Object.hasOwn(exemptions, owner) ? exemptions[owner] : undefined) ?? {};

const heldBy = (exemptions: Exemptions, { owner, capability }: Exemption) => {
  const own = ownOf(exemptions, owner);
  return Object.hasOwn(own, capability) ? own[capability] : undefined;
};

const countOf = (exemptions: Exemptions): number =>
  Object.values(exemptions).reduce((sum, own) => sum + Object.keys(own).length, 0);

const alreadyExempt = ({ owner, capability }: Exemption, { id, until }: { id: string; until: Date }): MusterError =>
  new MusterError(
    'CONFLICT',
    `${owner} is exempt for ${capability} until ${until.toISOString()} already (${id}). Nothing was changed.`,
    { reason: 'ALREADY_RECORDED', next: `Revoke ${id} first (exemptions-revoke), then grant another.` },
  );

const tooMany = (what: string): MusterError =>
  new MusterError('CONFLICT', `There are ${what}. Nothing was changed.`, {
    reason: 'TOO_MANY',
    next: 'Revoke those that nobody needs (exemptions-revoke), or restore what so many must pass (policy-restore).',
  });
