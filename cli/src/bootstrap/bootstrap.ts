import { randomBytes } from 'node:crypto';
import type { Auth, UserRecord } from 'firebase-admin/auth';
import type { DocumentSnapshot, Firestore } from 'firebase-admin/firestore';
import { auditWords, formerRelease, staff } from '@muster/contract';
import { NORMAL_POLICY } from '@muster/contract/normal-policy';
import { Failure } from '@muster/client/failure';
import type { CatalogEntry } from './catalog';
import { auditDocument, revocationDocument, staffDocument, storedStaff } from './documents';

export interface BootstrapDeps {
  firestore: Firestore;
  auth: Pick<Auth, 'getUser' | 'getUserByEmail' | 'setCustomUserClaims'>;
  clock: () => Date;
  catalog: readonly CatalogEntry[];
}

export type Who = { uid: string } | { email: string };

/** What was done; nothing of it, when all was there already. */
export interface Bootstrapped {
  uid: string;
  roles: staff.Role[];
  changed: boolean;
  policyCreated: boolean;
  scenariosCreated: string[];
}

const ROLES: readonly staff.Role[] = [...staff.BRINGS.admin, 'admin'];
const ACTION = 'staff.bootstrapped';

/**
 * Makes the first admin of a project, and what the backend needs to begin with. All documents and the audit
 * entry are one commit; the claims follow it, as with every grant. Run again for the same user it finishes
 * what is missing and changes nothing else; for another user, once there is an admin, it refuses. `roster`: the deployment counts
 * only roles that were granted (`MUSTER_ROLES=roster`), and so that is recorded, too.
 */
export const bootstrap = async (deps: BootstrapDeps, who: Who, roster = false): Promise<Bootstrapped> => {
  const user = await userNamed(deps.auth, who);
  const claimsMissing = ROLES.some((name) => user.customClaims?.[name] !== true);
  const done = await commitFirstAdmin(deps, user.uid, { claimsMissing, roster });
  if (claimsMissing) await setClaims(deps.auth, user);
  return done;
};

const userNamed = async (auth: BootstrapDeps['auth'], who: Who): Promise<UserRecord> => {
  const user = await ('uid' in who ? auth.getUser(who.uid) : auth.getUserByEmail(who.email)).catch((error: unknown) => {
    if (codeOf(error) === 'auth/user-not-found') throw unknownUser(who);
    throw error;
  });
  if (!user.disabled) return user;
  throw new Failure('CONFLICT', 'This user is disabled, and could not act as an admin. Nothing was changed.', {
    reason: 'USER_DISABLED',
    next: 'Enable the user in the Firebase console, or choose another one.',
  });
};

/**
 * A server transaction, because two operators at once must not both find that there is no admin. It is run by
 * hand once in the life of a project, so the locks that the backend avoids harm no one here.
 */
const commitFirstAdmin = (
  { firestore, clock, catalog }: BootstrapDeps,
  uid: string,
  { claimsMissing, roster: isByRoster }: { claimsMissing: boolean; roster: boolean },
): Promise<Bootstrapped> =>
  firestore.runTransaction(async (transaction) => {
    const [staffRef, revocationRef] = [
      firestore.doc(`muster_staff/${uid}`),
      firestore.doc(`muster_revocations/${uid}`),
    ];
    const policyRef = firestore.doc('muster_policy/current');
    const scenarioRefs = catalog.map(({ id }) => firestore.doc(`muster_scenarios/${id}`));

    const admins = await transaction.get(firestore.collection('muster_staff').where('isAdmin', '==', true).limit(2));
    const other = admins.docs.find(({ id }) => id !== uid);
    if (other && !admins.docs.some(({ id }) => id === uid)) throw adminExists(other.id);
    const [roster, revocation, policy, ...known] = await transaction.getAll(
      staffRef,
      revocationRef,
      policyRef,
      ...scenarioRefs,
    );

    const policyCreated = !policy?.exists;
    if (policyCreated) await refuseWhereFormerStands(transaction.get(firestore.doc(formerRelease.FORMER_POLICY)));

    const now = clock();
    const held = storedStaff.safeParse(roster?.data()).data;
    const roles = staff.role.options.filter((name) => held?.roles.includes(name) || ROLES.includes(name));
    const revoked = revocation?.exists ? revocationDocument.parse(revocation.data()) : undefined;
    const withdrawn = revoked?.withdrawn.filter((name) => !roles.includes(name));
    const missing = catalog.filter((_, index) => !known[index]?.exists);

    const rosterWrong = !held?.isAdmin || roles.length !== held.roles.length;
    const grantedMissing = isByRoster && roles.some((name) => !revoked?.granted?.includes(name));
    const revocationWrong = grantedMissing || (revoked !== undefined && withdrawn?.length !== revoked.withdrawn.length);
    const changed = rosterWrong || revocationWrong || policyCreated || missing.length > 0 || claimsMissing;
    const scenariosCreated = missing.map(({ id }) => id);
    if (!changed) return { uid, roles, changed, policyCreated, scenariosCreated };

    if (rosterWrong) {
      transaction.set(staffRef, staffDocument.parse({ roles, isAdmin: true, changedBy: 'bootstrap', changedAt: now }));
    }
    // A role that was once withdrawn from this user would not count, whatever the claims say.
    if (revocationWrong) {
      const granted = isByRoster ? { granted: roles } : {};
      if (revoked) transaction.update(revocationRef, { withdrawn, ...granted });
      else transaction.create(revocationRef, { validAfter: new Date(0), withdrawn: [], ...granted });
    }
    if (policyCreated) transaction.create(policyRef, NORMAL_POLICY);
    for (const { id, scenario } of missing) transaction.create(firestore.doc(`muster_scenarios/${id}`), scenario);
    const rationale = rosterWrong ? 'First admin.' : 'Finished what an earlier bootstrap left open.';
    transaction.create(
      firestore.doc(`muster_audit/${newId('aud')}`),
      auditDocument.parse({
        v: 2,
        at: now,
        actorType: 'operator',
        actorId: 'bootstrap',
        action: ACTION,
        actionPrefixes: auditWords.prefixesOf(ACTION),
        rationale,
        words: auditWords.wordsOf(rationale),
        target: `staff/${uid}`,
        outcome: 'success',
        severity: null,
        drillId: null,
        incidentId: null,
        ip: null,
        sessionId: null,
        correlationId: newId('req'),
        callerRequestId: null,
        keeping: null,
        exercise: false,
        metadata: { roles, policyCreated, scenariosCreated, claimsMissing },
        leafIndex: null,
        musterExpireAt: null,
      }),
    );
    return { uid, roles, changed, policyCreated, scenariosCreated };
  });

/** Once this release has begun, what the one before has left decides nothing any more, and is not looked for. */
const refuseWhereFormerStands = async (looking: Promise<DocumentSnapshot>): Promise<void> => {
  if (!formerRelease.isFormerPolicy((await looking).data())) return;
  throw new Failure('CONFLICT', `${formerRelease.FORMER_RELEASE_STANDS} Nothing was changed.`, {
    reason: 'FORMER_RELEASE_STANDS',
    next: formerRelease.BEGIN_ANEW,
  });
};

/** Claims of the host's own stay. */
const setClaims = async (auth: BootstrapDeps['auth'], user: UserRecord): Promise<void> => {
  try {
    await auth.setCustomUserClaims(user.uid, { ...user.customClaims, staff: true, admin: true });
  } catch (error) {
    throw new Failure(
      'UNAVAILABLE',
      'The admin is recorded, but Firebase Auth does not carry the claims yet.',
      { reason: 'AUTH_NOT_UPDATED', next: 'Run the same command again; it finishes what is missing.' },
      { cause: error },
    );
  }
};

const newId = (prefix: 'aud' | 'req'): string => `${prefix}_${randomBytes(16).toString('hex')}`;

const unknownUser = (who: Who): Failure => {
  const field = 'uid' in who ? 'uid' : 'email';
  return new Failure('NOT_FOUND', `Firebase Auth has no user with this ${field}. Nothing was changed.`, {
    reason: 'UNKNOWN_USER',
    fields: [{ field, problem: 'no such user' }],
    next: 'Let the user sign in once, or add the user in the Firebase console; then run this again.',
  });
};

const adminExists = (uid: string): Failure =>
  new Failure('CONFLICT', `This project has an admin already (uid ${uid}). Nothing was changed.`, {
    reason: 'ADMIN_EXISTS',
    next: 'Ask that admin: muster staff grant admin --email … --reason ….',
  });

const codeOf = (error: unknown): unknown =>
  typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
