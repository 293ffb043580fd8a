import { ExponentialBackoff, handleAll, retry } from 'cockatiel';
import { errorFields, type Log } from '@muster/core/log';

/** Some 40 minutes; an instance that lives on after its answer has processor time only with the next call. */
const ATTEMPTS = 45;
const BACKOFF = new ExponentialBackoff({ initialDelay: 1_000, maxDelay: 60_000 });

/** Does something after the answer, again until it succeeds; that it never did is in the log. Keeps no process alive. */
export const inBackground =
  (log: Log) =>
  (what: string, task: () => Promise<void>): void => {
    const again = retry(handleAll, { maxAttempts: ATTEMPTS, backoff: BACKOFF }).dangerouslyUnref();
    again.execute(task).catch((error: unknown) => log.emergency(`${what}: given up`, errorFields(error)));
  };
