import { ExponentialBackoff, handleType, retry } from 'cockatiel';
import { MusterError } from '../errors';
import type { Meter } from '../meter';
import type { StagedWrite } from './staged-write';
import { Work, type Snapshot, type WorkSource } from './work';

/** A document that the work rests on has changed since it was read: decide again. */
export class Outrun extends Error {
  override name = 'Outrun';
}

/** The commit was sent and no answer came: it may stand or not. Only the database can tell. */
export class CommitInDoubt extends Error {
  override name = 'CommitInDoubt';
}

/** How the database commits; two of them: with `verify` preconditions, and with server transactions. */
export interface CommitProtocol {
  /** Runs `use` on an open source and commits what it returns, whole or not at all. */
  within<T>(
    use: (source: WorkSource) => Promise<{ result: T; writes: StagedWrite[]; restsOn: Snapshot[] }>,
  ): Promise<T>;
  /** A source for reading alone. */
  readonly source: WorkSource;
}

export interface AttemptInfo {
  /** True when an earlier attempt's commit went unanswered; it may stand. */
  inDoubt: boolean;
}

/** Everything that operations and jobs do with Firestore. */
export interface Store {
  /**
   * Runs a unit of work and commits it; when a document it rests on changes on the way, runs it again from
   * new reads. Throws CONTENTION when that happens too often, UNAVAILABLE when Firestore does not answer.
   */
  change<T>(meter: Meter, attempt: (work: Work, info: AttemptInfo) => Promise<T>): Promise<T>;
  /** Reads alone. */
  read(meter: Meter): Pick<Work, 'prefetch' | 'read' | 'find' | 'seen' | 'count'>;
}

/**
 * Some ten seconds of waiting in all, each loser a little longer, at random: enough for 50 callers on one document where
 * each read and commit takes 10 ms, and for 30 where it takes 35 (simulated; with 12 and 400 ms, for 3 ms and 6).
 */
const RETRIES = 14;
const PAUSES: Pauses = { initialDelay: 8, maxDelay: 1_500 };

/** In milliseconds: how long the first loser waits, about, and how long any waits at most. */
export interface Pauses {
  initialDelay: number;
  maxDelay: number;
}

/** Three unanswered commits, each with its deadline, still end before the function's own timeout. */
const DOUBTS = 3;

/** `pauses` are shorter where nobody is waited for, in a test of what is in vain. */
export const storeOver = (protocol: CommitProtocol, pauses: Pauses = PAUSES): Store => {
  const backoff = new ExponentialBackoff(pauses);
  const again = retry(handleType(Outrun).orType(CommitInDoubt), { maxAttempts: RETRIES, backoff });

  return {
    read: (meter) => new Work(protocol.source, meter),

    async change(meter, attempt) {
      let doubts = 0;
      const once = () =>
        protocol.within(async (source) => {
          const work = new Work(source, meter);
          const result = await attempt(work, { inDoubt: doubts > 0 });
          meter.wroteDocuments(work.staged.length);
          return { result, writes: work.staged, restsOn: work.restsOn };
        });
      try {
        return await again.execute(async () => {
          try {
            return await once();
          } catch (error) {
            if (error instanceof CommitInDoubt && ++doubts >= DOUBTS) throw stillInDoubt(error);
            throw error;
          }
        });
      } catch (error) {
        throw error instanceof Outrun ? outrunTooOften(error) : error;
      }
    },
  };
};

/** The database could not be read, or refused outright; nothing was sent that could stand. */
export const storeUnavailable = (cause: unknown): MusterError =>
  new MusterError(
    'UNAVAILABLE',
    'The database did not answer. Nothing was changed.',
    { reason: 'STORE_UNAVAILABLE', next: 'Check /api/readyz, then try again.' },
    { cause },
  );

/** The database answered, and would not: a role, an index, or the kind of call. Trying again changes nothing. */
export const storeRefused = (cause: unknown): MusterError =>
  new MusterError(
    'UNAVAILABLE',
    'The database refused the call. Nothing was changed.',
    {
      reason: 'STORE_REFUSED',
      next: 'See docs/operations.md, "When something refuses": roles, indexes, commit protocol.',
    },
    { cause },
  );

const outrunTooOften = (cause: Outrun): MusterError =>
  new MusterError(
    'CONTENTION',
    'Others kept changing the same records, so this was not done. Nothing was changed.',
    { reason: 'OUTRUN', next: 'Try again.' },
    { cause },
  );

const stillInDoubt = (cause?: CommitInDoubt): MusterError =>
  new MusterError(
    'UNAVAILABLE',
    'The database did not answer; whether this was done is not known.',
    {
      reason: 'STORE_UNAVAILABLE',
      next: 'Repeat the call with the same requestId, or look at the record before you repeat it without one.',
    },
    { cause },
  );
