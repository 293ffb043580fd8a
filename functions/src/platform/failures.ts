import { idFrom, type Ids } from '../../../guard/src/ids';

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
export interface Failures {
  of(uid: string, attempt: Attempt, now: Date): Failed | undefined;
  remember(uid: string, attempt: Attempt, now: Date): Failed;
  settle(uid: string, attempt: Attempt): void;
}

export const failuresInMemory = (ids: Ids): Failures => {
  const pending = new Map<string, Failed>();
  const keyOf = (uid: string, { capability }: Attempt) => JSON.stringify([uid, capability]);
  /** The same name in every process that hears of the same attempt. */
  const incidentOf = (uid: string, { capability, requestId, failedSince }: Attempt) => {
    const own = requestId ?? failedSince;
    return own === undefined ? ids('inc') : idFrom('inc', uid, capability, own);
  };
  const sinceOf = ({ failedSince }: Attempt, now: Date) => {
    const since = failedSince === undefined ? now : new Date(failedSince);
    return since < now ? since : now;
  };

  return {
    of(uid, attempt, now) {
      const known = pending.get(keyOf(uid, attempt));
      if (known) return known;
      if (attempt.failedSince === undefined) return undefined;
      return { since: sinceOf(attempt, now), incident: incidentOf(uid, attempt) };
    },
    remember(uid, attempt, now) {
      const key = keyOf(uid, attempt);
      const failed = pending.get(key) ?? { since: sinceOf(attempt, now), incident: incidentOf(uid, attempt) };
      pending.set(key, failed);
      return failed;
    },
    settle: (uid, attempt) => void pending.delete(keyOf(uid, attempt)),
  };
};
