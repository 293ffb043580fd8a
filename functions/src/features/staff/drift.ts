/** Where the roster and the claims of Firebase Auth say different things of one user. Pure. */
import type { RolesFrom } from '../../platform/operations/actor';
import type { Role, RoleDrift } from '@muster/contract/staff';

/** What each says that the other does not. Without a roster entry every claim is one that was set past Muster. */
export const driftOf = (onRoster: readonly Role[] | undefined, claimed: readonly Role[]): RoleDrift => ({
  gone: (onRoster ?? []).filter((name) => !claimed.includes(name)),
  unknown: claimed.filter((name) => !onRoster?.includes(name)),
});

/** A call lives no longer (the time limit of a function): so long after a grant its claims may be on their way. */
const ON_THEIR_WAY_MS = 60_000;

/** The roster entry, as far as it decides this. */
type OnRoster = { roles: readonly Role[]; changedAt: Date } | undefined;

interface Held {
  rolesFrom: RolesFrom;
  now: Date;
}

/**
 * What somebody holds: the lower of both. A claim that was removed by hand was removed by somebody for a reason, and comes back with
 * an entry that says so or not at all; one that was set by hand after the roster was written is nobody's grant. A user who is not
 * on the roster yet brings the claims of before Muster, where claims are roles; where they are not, whoever grants one role must not
 * make an admin of who has a claim of the product's own. What was granted just now counts, though its claims have not followed yet.
 */
export const heldBy = (onRoster: OnRoster, claimed: readonly Role[], { rolesFrom, now }: Held): Role[] => {
  if (!onRoster) return rolesFrom === 'claims' ? [...claimed] : [];
  const isFresh = now.getTime() - onRoster.changedAt.getTime() < ON_THEIR_WAY_MS;
  return onRoster.roles.filter((name) => isFresh || claimed.includes(name));
};

/** The drift for an audit entry; nothing where there is none. */
export const toldDrift = (drift: RoleDrift): { drift?: RoleDrift } =>
  drift.gone.length + drift.unknown.length === 0 ? {} : { drift };
