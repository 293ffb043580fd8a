import {
  HttpsError,
  onCall,
  type CallableFunction,
  type CallableOptions,
  type CallableRequest,
} from 'firebase-functions/v2/https';
import { addressOf } from './caller-address';
import { requestIdsOf, tellIds } from './request-ids';
import type { AppCheck } from '../adapters/app-check';
import type { IdentityVerifier } from '../adapters/identity-verifier';
import type { NamedFunctions } from '../adapters/named-functions';
import type { RequestIds } from '@muster/core/correlation';
import type { ErrorCode, ErrorDetails } from '@muster/contract/errors';
import { MusterError, statusOf, toAnswer } from '@muster/core/errors';
import { errorFields } from '@muster/core/log';
import type { Adapters } from '../operations/adapters';
import { waitFor } from './retry-after';
import type { Call, Operation } from '../operations/operation';

/** What the transports need beyond what operations need. */
export interface Transport extends Adapters {
  verifier: IdentityVerifier;
  /** Undefined where App Check is not asked for. */
  appCheck: AppCheck | undefined;
  /** For the door: operations that only their named function can do. */
  namedFunctions: NamedFunctions;
}

/** The answer to one request of the callable protocol, whatever address it came to. */
export type Answering = CallableFunction<unknown, unknown>;

/**
 * Answers an operation by the callable protocol: the one way, of a named callable as of the door. The token is verified
 * here, whatever the protocol made of it (on the emulator it decodes tokens and verifies nothing).
 */
export const answering = (deps: () => Transport, operation: Operation, options: CallableOptions): Answering =>
  withoutDecoding(
    onCall<unknown, Promise<unknown>>(options, async (request) => {
      const ids = requestIdsOf(request.rawRequest, deps().ids);
      if (request.rawRequest.res) tellIds(request.rawRequest.res, ids);
      try {
        const input = sentWith(request);
        const carried = {
          token: request.auth?.rawToken,
          appCheckToken: request.rawRequest.header('x-firebase-appcheck'),
          ip: addressOf(request.rawRequest),
        };
        const asked = { operation, ids, input };
        await checkApp(deps(), asked, carried.appCheckToken);
        return await operation.run(deps(), await callOf(deps(), asked, carried), input);
      } catch (error) {
        const refused = toHttpsError(deps(), operation.name, error, ids.correlationId);
        const waiting = waitFor(refused.details as { code: ErrorCode } & ErrorDetails, deps().clock());
        if (waiting) request.rawRequest.res?.setHeader('retry-after', String(waiting.retryAfterSeconds));
        throw refused;
      }
    }),
  );

interface Asked {
  operation: Operation;
  ids: RequestIds;
  input: unknown;
}

/** Refuses what does not come from an app of the project, where that is asked for. */
const checkApp = async (deps: Transport, asked: Asked, token: string | undefined): Promise<void> => {
  await deps.appCheck?.check(token).catch((error: unknown) => {
    throw failureOf(deps, asked, error);
  });
};

/**
 * Who calls, by their token; whether their account still stands is being asked meanwhile. That either cannot be found out
 * may mean more for an operation than that it was not done.
 */
export const callOf = async (
  deps: Transport,
  asked: Asked,
  { token, ip }: { token: string | undefined; ip: string | undefined },
): Promise<Call> => {
  const identity = await deps.verifier.verify(token).catch((error: unknown) => {
    throw failureOf(deps, asked, error);
  });
  if (identity.anonymous && !deps.limits.anonymous) throw anonymousAccount();
  const confirmed = deps.verifier.confirm(identity);
  // Heard by whoever waits for it; until somebody does, it is no unhandled one.
  confirmed.catch(() => undefined);
  return { identity, confirmed, ...asked.ids, ip };
};

/** Anyone makes as many of these as they like, so that no bound on an account would bound them. */
const anonymousAccount = (): MusterError =>
  new MusterError('PERMISSION_DENIED', 'This account is anonymous, and Muster answers none of these here.', {
    reason: 'ANONYMOUS_ACCOUNT',
    next: 'Sign in with an account of your own. Whoever runs this project may allow anonymous ones (MUSTER_ANONYMOUS).',
  });

const failureOf = (deps: Transport, { operation, ids, input }: Asked, error: unknown): unknown =>
  operation.failure?.(deps, error, ids, input) ?? error;

/** What each request carried, as it was sent. */
const sent = new WeakMap<object, unknown>();
const sentWith = ({ rawRequest, data }: CallableRequest<unknown>): unknown =>
  sent.has(rawRequest) ? sent.get(rawRequest) : data;

/**
 * Keeps what was sent from being decoded by the callable protocol, which makes a prototype of a field `__proto__`
 * and fails (500) on an unknown `@type` and on deep nesting. Contracts refuse all of that by name.
 */
const withoutDecoding = (deployed: Answering): Answering => {
  const handler = (...[request, response]: Parameters<typeof deployed>) => {
    const body: unknown = request.body;
    if (typeof body === 'object' && body !== null && 'data' in body && body.data !== undefined) {
      sent.set(request, body.data);
      request.body = { ...body, data: null };
    }
    return deployed(request, response);
  };
  return Object.defineProperties(handler, Object.getOwnPropertyDescriptors(deployed)) as typeof deployed;
};

/** A refusal in the form and with the status that the callable protocol gives it. */
export const toHttpsError = (deps: Adapters, operation: string, error: unknown, correlationId: string): HttpsError => {
  const answer = toAnswer(error, correlationId);
  report(deps, operation, answer, correlationId);
  return new HttpsError(statusOf(answer.code).callable, answer.message, { code: answer.code, ...answer.details });
};

/** Unexpected failures and what the database did go to the log, whole; refusals are no news. */
export const report = (
  deps: Pick<Adapters, 'log'>,
  operation: string,
  answer: Pick<MusterError, 'code' | 'cause'>,
  correlationId: string,
): void => {
  if (answer.code === 'INTERNAL' || answer.code === 'UNAVAILABLE') {
    deps.log.error(`${operation} failed`, {
      operation,
      correlationId,
      code: answer.code,
      ...errorFields(answer.cause),
    });
  }
};
