/** What becomes of a kill that could not be stored: never anything that looks like success. */
import { aboutIncident } from '@muster/core/audit/audit-draft';
import type * as z from 'zod';
import type { OperationContract } from '@muster/contract/operations';
import { MusterError } from '@muster/core/errors';
import { errorFields } from '@muster/core/log';
import { Meter } from '@muster/core/meter';
import { hasEnded, revocationAt } from '@muster/guard/revocation';
import { effectiveRoles, type Identity } from '../../../platform/operations/actor';
import { changed, commitChange, unchanged } from '../../../platform/operations/change';
import { failedKills, type Attempt } from './failed-kills';
import type { Adapters } from '../../../platform/operations/adapters';
import type { Call, Operation } from '../../../platform/operations/operation';
import { openIncident } from '../../incidents/for-others/open-incident';

/** Refusals of the caller or its input: nothing was attempted. */
const REFUSED: ReadonlySet<string> = new Set([
  'INVALID_ARGUMENT',
  'UNAUTHENTICATED',
  'PERMISSION_DENIED',
  'NOT_FOUND',
  'CONFLICT',
]);

/** In this order; docs/runbooks/kill-switch.md says more about each. */
const BY_HAND = [
  'Repeat the call: it is safe, and it is all that is needed once the database answers (GET /api/readyz).',
  'Stop the automation where it runs: scale its service to zero, or disable its service account (gcloud iam service-accounts disable).',
  'Take its credentials at the other end: revoke its tokens and keys where it connects to.',
  'Close the database to clients: deploy rules that deny writes (firebase deploy --only firestore:rules).',
  'Look at the status of Google Cloud, and tell the team that containment is incomplete.',
];

/**
 * The operation with its failures told as what they are. `killedBy` names what a request would have killed; undefined
 * for a request that kills nothing.
 */
export const containing = <Contract extends OperationContract>(
  operation: Operation<Contract>,
  killedBy: (input: z.output<Contract['request']>) => string | undefined,
): Operation<Contract> => {
  const attemptOf = (raw: unknown): Attempt | undefined => {
    const input = operation.contract.request.safeParse(raw).data as z.output<Contract['request']> | undefined;
    const capability = input === undefined ? undefined : killedBy(input);
    return capability === undefined ? undefined : { ...(input as object), capability };
  };

  const failure = (deps: Adapters, error: unknown, call: Pick<Call, 'correlationId'>, raw: unknown, by?: Identity) => {
    const attempt = attemptOf(raw);
    if (!attempt || (error instanceof MusterError && REFUSED.has(error.code))) return error;
    const { capability } = attempt;
    const now = deps.clock();
    const failed = by && deps.perInstance(failedKills).remember(by.uid, attempt, now);
    deps.log.emergency('containment is incomplete: a kill switch could not be stored', {
      severityOfIncident: 'P0',
      capability,
      incident: failed?.incident,
      correlationId: call.correlationId,
      ...errorFields(error),
    });
    if (by) deps.background('an incident for a kill that failed', () => report(deps, by, attempt, call));
    return containmentIncomplete(capability, error);
  };

  return {
    ...operation,
    failure,
    async run(deps, call, raw) {
      try {
        const response = await operation.run(deps, call, raw);
        const attempt = attemptOf(raw);
        if (attempt) deps.perInstance(failedKills).settle(call.identity.uid, attempt);
        return response;
      } catch (error) {
        // Whom Firebase Auth did not let in opens no incident.
        const by = await call.confirmed.then(
          () => call.identity,
          () => undefined,
        );
        throw failure(deps, error, call, raw, by);
      }
    },
  };
};

const containmentIncomplete = (capability: string, cause: unknown): MusterError =>
  new MusterError(
    'UNAVAILABLE',
    `CONTAINMENT IS INCOMPLETE (P0): killing ${capability === '*' ? 'everything' : capability} could not be stored. Assume that it still runs.`,
    { reason: 'CONTAINMENT_INCOMPLETE', severity: 'P0', capability, steps: BY_HAND, next: BY_HAND[0] ?? '' },
    { cause },
  );

/** As soon as storing works again; throws until then. */
const report = async (
  deps: Adapters,
  by: Identity,
  attempt: Attempt,
  { correlationId }: Pick<Call, 'correlationId'>,
): Promise<void> => {
  const now = deps.clock();
  const { uid } = by;
  const failed = deps.perInstance(failedKills).of(uid, attempt, now);
  // A repeated kill was stored meanwhile, with its incident.
  if (!failed) return;
  const { capability } = attempt;
  const envelope = { actor: () => ({ type: 'staff' as const, id: uid }), correlationId, now };
  await commitChange(deps, new Meter(), envelope, async (work) => {
    if (!deps.perInstance(failedKills).of(uid, attempt, now)) return unchanged(undefined);
    // The kill failed before it was known whether the caller still may kill. Who may not, opens no incident either.
    const revoked = await work.read(revocationAt(uid));
    if (hasEnded(by.authTime, revoked) || !effectiveRoles(by, revoked, deps.limits.rolesFrom).includes('staff'))
      return unchanged(undefined);
    await openIncident(work, failed, { capability, by: uid, now, contained: false });
    // An earlier attempt has told of it, or a later one has contained it.
    if (work.staged.length === 0) return unchanged(undefined);
    return changed(undefined, {
      action: 'incidents.opened',
      ...aboutIncident(failed.incident),
      severity: 'P0',
      metadata: { severity: 'P0', kind: 'containment_incomplete', capability, since: failed.since.toISOString() },
    });
  });
};
