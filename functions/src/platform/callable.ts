import { HttpsError, onCall, type CallableFunction, type CallableOptions } from 'firebase-functions/v2/https';
import type { IdentityVerifier } from './identity-verifier';
import { correlationIdFrom } from './correlation';
import { statusOf, toAnswer, type MusterError } from './errors';
import { errorFields } from './log';
import type { Deps, Operation } from './operation';

/** What the transports need beyond what operations need. */
export interface TransportDeps extends Deps {
  verifier: IdentityVerifier;
}

/** The same for every callable; nothing sets CORS wider than the callable protocol needs (any origin, no cookies). */
const OPTIONS: CallableOptions = { cors: true };

/**
 * Deploys an operation as a callable function. The token is verified here, whatever the callable protocol
 * made of it (`request.auth` may be truthy without a uid on the emulator).
 */
export const callable = (deps: () => TransportDeps, operation: Operation): CallableFunction<unknown, unknown> =>
  onCall<unknown, Promise<unknown>>(OPTIONS, async (request) => {
    const correlationId = correlationIdFrom(request.rawRequest.header('x-request-id'), deps().ids);
    request.rawRequest.res?.setHeader('x-request-id', correlationId);
    try {
      const identity = await deps().verifier.verify(request.auth?.uid ? request.auth.rawToken : undefined);
      return await operation.run(deps(), { identity, correlationId }, request.data);
    } catch (error) {
      throw toHttpsError(deps(), operation.name, error, correlationId);
    }
  });

const toHttpsError = (deps: Deps, operation: string, error: unknown, correlationId: string): HttpsError => {
  const answer = toAnswer(error, correlationId);
  report(deps, operation, answer, correlationId);
  return new HttpsError(statusOf(answer.code).callable, answer.message, { code: answer.code, ...answer.details });
};

/** Unexpected failures and what the database did go to the log, whole; refusals are no news. */
export const report = (
  deps: Pick<Deps, 'log'>,
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
