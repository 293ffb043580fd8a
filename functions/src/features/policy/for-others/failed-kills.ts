import { idFrom, type Ids } from '@muster/core/ids';

/** What names one attempt, repeated or not. */
export interface Attempt {
  capability: string;
  requestId?: string | undefined;
  /** The caller's own word on when its first attempt failed: another process may have heard of that. */
  failedSince?: string | undefined;
}

/** Attempts that failed, and the incident that they will be. */
export interface Failed {
  since: Date;
  incident: string;
}

/** Kills that could not be stored, kept by this process until an incident says so. */
export interface FailedKills {
  of(uid: string, attempt: Attempt, now: Date): Failed | undefined;
  remember(uid: string, attempt: Attempt, now: Date): Failed;
  settle(uid: string, attempt: Attempt): void;
}

/** What failed longer ago was mended elsewhere, or is an incident of its own by now: the next failure is another one. */
const ONE_FAILURE_MS = 24 * 60 * 60 * 1000;

export const failedKills = (ids: Ids): FailedKills => {
  const pending = new Map<string, Failed>();
  const keyOf = (uid: string, { capability }: Attempt) => JSON.stringify([uid, capability]);
  const standing = (key: string, now: Date) => {
    const known = pending.get(key);
    return known && now.getTime() - known.since.getTime() < ONE_FAILURE_MS ? known : undefined;
  };
  /** The same name in every process that hears of the same attempt. */
  const incidentOf = (uid: string, { capability, requestId, failedSince }: Attempt) => {
    const own = requestId ?? failedSince;
    return own === undefined ? ids('inc') : idFrom('inc', uid, capability, own);
  };
  /** The caller's word is taken for a day back at the most, and for nothing that is yet to come. */
  const sinceOf = ({ failedSince }: Attempt, now: Date) => {
    const since = failedSince === undefined ? now.getTime() : Date.parse(failedSince);
    return new Date(Math.max(Math.min(since, now.getTime()), now.getTime() - ONE_FAILURE_MS));
  };

  return {
    of(uid, attempt, now) {
      const known = standing(keyOf(uid, attempt), now);
      if (known) return known;
      if (attempt.failedSince === undefined) return undefined;
      return { since: sinceOf(attempt, now), incident: incidentOf(uid, attempt) };
    },
    remember(uid, attempt, now) {
      const key = keyOf(uid, attempt);
      const failed = standing(key, now) ?? { since: sinceOf(attempt, now), incident: incidentOf(uid, attempt) };
      pending.set(key, failed);
      return failed;
    },
    settle: (uid, attempt) => void pending.delete(keyOf(uid, attempt)),
  };
};
