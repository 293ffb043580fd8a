/** What one account may do of all that is open to every account: whoever has many accounts, or one that runs wild, stays small. */
import * as z from 'zod';
import type { Caller } from '@muster/contract/operations';
import type { Role } from '@muster/contract/staff';
import { documentAt } from '@muster/core/storage/documents';
import { MusterError } from '@muster/core/errors';
import { paths } from '@muster/core/storage/paths';
import type { Work } from '@muster/core/storage/work';
import type { PerInstance } from './adapters';
import { withAnother } from './recent-times';

/** Of one account within a minute: changes, of all operations that are open to every account, and reads, in each process. */
export interface AccountBudget {
  changes: number;
  reads: number;
}
export const OF_EVERYBODY: AccountBudget = { changes: 30, reads: 120 };
/** Of who holds a role: known by name, ended by name; and a runner of experiments asks all the time whether others are let in. */
export const OF_ROLES: AccountBudget = { changes: 300, reads: 1200 };

const budgetOf = (roles: readonly Role[]): AccountBudget => (roles.length > 0 ? OF_ROLES : OF_EVERYBODY);

/** What it costs a change: its times are read with the rest, and written with it. */
export const BUDGETED = { reads: 1, writes: 1 } as const;

const KEPT_MS = 24 * 60 * 60 * 1000;

/** `muster_accountCalls/{uid}`: when an account changed something last. Its own, so that no two wait for each other. */
const accountCalls = z.strictObject({
  times: z.array(z.date()).max(OF_ROLES.changes),
  musterExpireAt: z.date(),
});
export const accountCallsAt = (uid: string) => documentAt(paths.accountCalls(uid), accountCalls);

/** Whether calls of it are counted: it asks for no role. */
export const isBudgeted = ({ who }: { who: Caller }): boolean => who === 'signed-in';

/** Refuses where this would be one too many; else stages, when it is called, that there was one more. */
export const roomForChange = async (
  work: Pick<Work, 'read' | 'write'>,
  { uid, roles }: { uid: string; roles: readonly Role[] },
  now: Date,
): Promise<() => void> => {
  const before = await work.read(accountCallsAt(uid));
  const { changes } = budgetOf(roles);
  // Who lost a role has more of them on record than it may have now.
  const times = withAnother(before?.times ?? [], now, changes, tooManyIn(`${changes} changes`));
  return () => work.write(accountCallsAt(uid), { times, musterExpireAt: new Date(now.getTime() + KEPT_MS) });
};

/** Accounts that are remembered; when there are more, all are forgotten: a bound on memory, not on anyone. */
const MOST_ACCOUNTS = 10_000;
const readTimes = () => new Map<string, Date[]>();

/** The same for a read, remembered in this process alone: that a read is counted must not cost a write. */
export const spendRead = (
  perInstance: PerInstance,
  { uid, roles }: { uid: string; roles: readonly Role[] },
  now: Date,
): void => {
  const { reads } = budgetOf(roles);
  const accounts = perInstance(readTimes);
  if (accounts.size >= MOST_ACCOUNTS && !accounts.has(uid)) accounts.clear();
  accounts.set(uid, withAnother(accounts.get(uid) ?? [], now, reads, tooManyIn(`${reads} reads`)));
};

const tooManyIn =
  (what: string) =>
  (roomAt: Date): MusterError =>
    new MusterError(
      'RATE_LIMITED',
      `Your account has made ${what} within a minute, which is the most. Nothing was changed.`,
      {
        reason: 'RATE_LIMITED',
        tryAgainAt: roomAt.toISOString(),
        next: `Try again at ${roomAt.toISOString()} or later, with the same requestId.`,
      },
    );
