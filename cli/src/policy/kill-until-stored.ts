import type { Patience } from '@muster/client/callable-client';
import type { CommandContext } from '../command-context';
import { Failure, type FailureDetails } from '@muster/client/failure';
import { newRequestId, type Answer } from '@muster/client/operation-call';

const PAUSE_MS = 5000;

/** Nobody waits for minutes to hear that nothing was stopped. */
const IMPATIENT: Patience = { deadlineMs: 20_000, pausesMs: [300] };

/** For when the backend did not say which steps: it could not be asked. */
const STEPS_BY_HAND = [
  'Stop the automation where it runs: pause its schedules and queues, take its instances down to none.',
  'Take its rights: disable the service accounts, and revoke the tokens, that it works with.',
  'The commands for both are in docs/runbooks/kill-switch.md.',
];

export interface Kill {
  capability: string;
  reason: string;
  until?: string | undefined;
  failedSince?: string | undefined;
  requestId?: string | undefined;
}

/** What became of trying. `failedSince` is when the first attempt that failed was made; undefined if none did. */
export interface Contained {
  answer: Answer<'policy-kill'>;
  attempts: number;
  failedSince: Date | undefined;
  /** An attempt that seemed to fail was stored: only its answer was lost. */
  storedEarlier: boolean;
}

/** A failed attempt, after which another one follows. */
export type OnFailed = (failure: Failure, attempt: { count: number; failedSince: Date; pauseMs: number }) => void;

/**
 * Kills, and goes on trying for as long as it takes: what must be stopped goes on while nobody stops it. Only what
 * waiting cannot mend (wrong input, no right to do it) ends it, and `once`.
 */
export const killUntilStored = async (
  { machine, send }: Pick<CommandContext, 'machine' | 'send'>,
  { failedSince: failedBefore, ...asked }: Kill,
  { once, onFailed }: { once: boolean; onFailed: OnFailed },
): Promise<Contained> => {
  // The same in every attempt: by it the backend knows them for one, and gives them one incident.
  const kill = { ...asked, requestId: asked.requestId ?? newRequestId() };
  let firstFailed: Date | undefined;
  for (let count = 1; ; count += 1) {
    const at = machine.now();
    const failedSince = failedBefore ?? firstFailed?.toISOString();
    try {
      return { ...(await attempt(send, kill, failedSince)), attempts: count, failedSince: firstFailed };
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      const isFinal = !mayPass(error);
      if (isFinal && firstFailed === undefined) throw error;
      firstFailed ??= at;
      const failure = notContained(
        error,
        `--failed-since ${failedSince ?? at.toISOString()} --request-id ${kill.requestId}`,
      );
      if (isFinal || once) throw failure;
      onFailed(failure, { count, failedSince: firstFailed, pauseMs: PAUSE_MS });
      await machine.wait(PAUSE_MS);
    }
  }
};

const attempt = async (
  send: CommandContext['send'],
  kill: Omit<Kill, 'failedSince'>,
  failedSince: string | undefined,
): Promise<Pick<Contained, 'answer' | 'storedEarlier'>> => {
  try {
    return { answer: await send('policy-kill', { ...kill, failedSince }, IMPATIENT), storedEarlier: false };
  } catch (error) {
    if (failedSince === undefined || !isReused(error)) throw error;
    // The id stands for the request of the first attempt, so that was stored; repeated as it was, it is answered.
    return { answer: await send('policy-kill', kill, IMPATIENT), storedEarlier: true };
  }
};

const isReused = (error: unknown): boolean => error instanceof Failure && error.details.reason === 'REQUEST_ID_REUSED';

const mayPass = ({ code, details: { reason } }: Failure): boolean =>
  reason === 'CONTAINMENT_INCOMPLETE' || code === 'UNAVAILABLE' || code === 'CONTENTION' || code === 'INTERNAL';

/** Whatever kept it from being stored, it is as bad, and there is something to do by hand. */
const notContained = ({ code, message, details, cause }: Failure, again: string): Failure => {
  const worst: FailureDetails = {
    steps: STEPS_BY_HAND,
    ...details,
    severity: 'P0',
    next: `Repeat the command with ${again} until it says that it is contained.`,
  };
  // That there is no Muster at the address is mended by another one, not by waiting.
  const hint = details.reason === 'UNEXPECTED' && details.next ? ` ${details.next}` : '';
  return new Failure(code, `${message}${hint}`, worst, { cause });
};
