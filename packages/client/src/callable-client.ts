import * as z from 'zod';
import { ERROR_TABLE, REASON_CODES, type ErrorCode } from '@muster/contract';
import {
  callRefusalIn,
  operationUrl,
  resultIn,
  sendCall,
  type CallPlace,
  type Came,
  type Calling,
} from './callable-protocol';
import type { Destination } from './destination';
import { Failure, type FailureDetails, tokenRefused } from './failure';
import type { Machine } from './machine';

/** How long an answer is waited for, and the pauses after which the call is made again before it is given up. */
export interface Patience {
  deadlineMs: number;
  pausesMs: readonly number[];
}

const PATIENT: Patience = { deadlineMs: 65_000, pausesMs: [300, 1200] };

interface CallTo {
  machine: Pick<Machine, 'fetch' | 'wait'>;
  destination: Destination;
  token: string;
  patience?: Patience | undefined;
}

/**
 * Calls a function by the callable protocol and gives its result as it came. A call that got no answer is made
 * again; with a `requestId` in it that is safe for a change too, because the backend does the same id once.
 */
export const callFunction = async (
  { machine, destination, token, patience = PATIENT }: CallTo,
  name: string,
  data: Readonly<Record<string, unknown>>,
): Promise<unknown> => {
  const authorization = `Bearer ${token}`;
  const once = callOnce(machine.fetch, destination, name, { authorization, deadlineMs: patience.deadlineMs });
  let inDoubt = false;
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await once(data);
    } catch (error) {
      if (!(error instanceof Failure) || !isWorthRepeating(error)) throw error;
      inDoubt ||= !wasNeverSent(error.cause);
      const pause = patience.pausesMs[attempt];
      if (pause === undefined) throw givenUp(error, destination, inDoubt ? data['requestId'] : undefined);
      await machine.wait(pause);
    }
  }
};

const callOnce =
  (fetched: Machine['fetch'], place: CallPlace, name: string, calling: Omit<Calling, 'data'>) =>
  async (data: unknown): Promise<unknown> => {
    const url = operationUrl(place, name);
    const came = await sendCall(fetched, place, name, { ...calling, data }).catch((error: unknown) => {
      throw new Failure('UNAVAILABLE', `Nothing answers at ${url}.`, { reason: 'UNREACHABLE' }, { cause: error });
    });
    const found = resultIn(came);
    if (found) return found.result;
    throw refusalOf(url, came);
  };

const refusalOf = (url: string, { status, body }: Came): Failure => {
  const said = callRefusalIn(body);
  if (!said) return notMuster(url, status);
  if (said.status === 'UNAUTHENTICATED' && !said.details) return tokenRefused();
  const { code, reason, ...details } = said.details ?? {};
  return new Failure(codeOf(code, said.status), said.message, {
    ...(details as Partial<FailureDetails>),
    reason: REASON_CODES.find((known) => known === reason) ?? 'UNEXPECTED',
  });
};

/** Muster's own code if it came along, else the first that travels under this status. */
const codeOf = (code: string | undefined, status: string): ErrorCode => {
  const codes = Object.keys(ERROR_TABLE) as ErrorCode[];
  const callable = status.toLowerCase().replaceAll('_', '-');
  return (
    codes.find((known) => known === code) ??
    codes.find((known) => ERROR_TABLE[known].callable === callable) ??
    (callable === 'deadline-exceeded' ? 'UNAVAILABLE' : 'INTERNAL')
  );
};

/** An answer that no callable function gave: nothing is deployed there, or something in between failed. */
const notMuster = (url: string, status: number): Failure =>
  status === 404 || status === 403
    ? new Failure('UNAVAILABLE', `There is no Muster at ${url} (status ${status}).`, {
        reason: 'UNEXPECTED',
        next: 'Check --project and --region, and that Muster is deployed there.',
      })
    : new Failure('UNAVAILABLE', `${url} gave no answer that could be read (status ${status}).`, {
        reason: 'UNREACHABLE',
      });

/** Only what a moment may mend; a refusal stays a refusal. */
const isWorthRepeating = ({ details }: Failure): boolean =>
  details.reason === 'UNREACHABLE' || details.reason === 'STORE_UNAVAILABLE' || details.reason === 'OUTRUN';

const NEVER_SENT = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH'];

const wasNeverSent = (cause: unknown): boolean => {
  const inner = z.object({ cause: z.object({ code: z.string() }) }).safeParse(cause).data;
  return inner !== undefined && NEVER_SENT.includes(inner.cause.code);
};

const givenUp = (error: Failure, { emulators }: Destination, requestId: unknown): Failure => {
  if (typeof requestId === 'string') {
    return new Failure(
      error.code,
      `${error.message} Whether the change was made is not known.`,
      {
        ...error.details,
        requestId,
        next: `Repeat the command with --request-id ${requestId}: the change is made once, however often you do.`,
      },
      { cause: error.cause },
    );
  }
  const next = emulators
    ? 'Start the suite (npm start), or set MUSTER_PORT_BASE if its ports were moved.'
    : 'Check the network, --project and --region, then try again.';
  return new Failure(error.code, error.message, { next, ...error.details }, { cause: error.cause });
};
