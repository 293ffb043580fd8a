import * as z from 'zod';
import { mode, type Mode } from '../contract/policy';
import { documentAt } from './documents';
import { MusterError } from './errors';
import { paths } from './paths';

/** `policy/current`: everything that is restricted now. One document, so that a guard is one read. */
export const policyDocument = z.strictObject({
  version: z.literal(1),
  mode: z.strictObject({
    name: mode,
    since: z.date().nullable(),
    until: z.date().nullable(),
    by: z.string().nullable(),
    reason: z.string().nullable(),
  }),
});
export type PolicyDocument = z.infer<typeof policyDocument>;

export const policyAt = () => documentAt(paths.policy(), policyDocument);

/** For the guard, which must refuse, not fail, when the stored policy is not what it should be. */
export const policyAsStored = () => documentAt<unknown>(paths.policy(), z.unknown());

export const NORMAL: PolicyDocument = {
  version: 1,
  mode: { name: 'normal', since: null, until: null, by: null, reason: null },
};

/** The mode that binds at `now`: one whose `until` has come binds no one, flagged yet or not. */
export const modeAt = (policy: PolicyDocument, now: Date): Mode =>
  policy.mode.until && policy.mode.until <= now ? 'normal' : policy.mode.name;

export const policyUnavailable = (cause?: unknown): MusterError =>
  new MusterError(
    'UNAVAILABLE',
    'Muster cannot read what is restricted now, so it refuses: unknown means no. Nothing was changed.',
    {
      reason: 'POLICY_UNAVAILABLE',
      next: 'Check /api/readyz. If no policy was ever stored, or it is damaged, a staff member stores one with policy-exitDegraded.',
    },
    { cause },
  );

/** Law 2 and law 3: lets a guarded write pass, or says why not. Pure; the caller commits on the version it read. */
export const refuseRestrictedWrite = (stored: unknown, now: Date): void => {
  const parsed = policyDocument.safeParse(stored);
  if (!parsed.success) throw policyUnavailable();
  if (modeAt(parsed.data, now) !== 'read_only') return;
  const { since, until, reason } = parsed.data.mode;
  throw new MusterError(
    'RESTRICTED',
    `The mode is read_only since ${since?.toISOString() ?? 'an unknown time'}${until ? ` until ${until.toISOString()}` : ''} (${reason ?? 'no reason given'}). Nothing was changed.`,
    {
      reason: 'DEGRADED_MODE',
      state: 'read_only',
      next: until
        ? 'Wait until it ends, or ask staff to end it (policy-exitDegraded).'
        : 'Ask staff to end it (policy-exitDegraded).',
    },
  );
};
