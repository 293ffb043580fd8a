import {
  HttpsError,
  onCall,
  type CallableFunction,
  type CallableOptions,
  type CallableRequest,
} from 'firebase-functions/v2/https';
import { addressOf } from './caller-address';
import type { IdentityVerifier } from '../adapters/identity-verifier';
import type { Identity } from '../operations/actor';
import { correlationIdFrom } from '@muster/core/correlation';
import { statusOf, toAnswer, type MusterError } from '@muster/core/errors';
import { errorFields } from '@muster/core/log';
import type { Adapters } from '../operations/adapters';
import type { Operation } from '../operations/operation';

/** What the transports need beyond what operations need. */
export interface Transport extends Adapters {
  verifier: IdentityVerifier;
}

/** The same for every callable; nothing sets CORS wider than the callable protocol needs (any origin, no cookies). */
const OPTIONS: CallableOptions = { cors: true };

/**
 * Deploys an operation as a callable function. The token is verified here, whatever the callable protocol
 * made of it (on the emulator it decodes tokens and verifies nothing).
 */
export const callable = (
  deps: () => Transport,
  operation: Operation,
  also: Pick<CallableOptions, 'secrets'> = {},
): CallableFunction<unknown, unknown> =>
  withoutDecoding(
    onCall<unknown, Promise<unknown>>({ ...OPTIONS, ...also }, async (request) => {
      const correlationId = correlationIdFrom(request.rawRequest.header('x-request-id'), deps().ids);
      request.rawRequest.res?.setHeader('x-request-id', correlationId);
      try {
        const input = sentWith(request);
        const identity = await verifiedFor(deps(), operation, request.auth?.rawToken, correlationId, input);
        return await operation.run(deps(), { identity, correlationId, ip: addressOf(request.rawRequest) }, input);
      } catch (error) {
        throw toHttpsError(deps(), operation.name, error, correlationId);
      }
    }),
  );

/** Who calls. That this cannot be found out may mean more for an operation than that it was not done. */
export const verifiedFor = async (
  deps: Transport,
  operation: Operation,
  token: string | undefined,
  correlationId: string,
  input: unknown,
): Promise<Identity> => {
  try {
    return await deps.verifier.verify(token);
  } catch (error) {
    throw operation.failure?.(deps, error, { correlationId }, input) ?? error;
  }
};

/** What each request carried, as it was sent. */
const sent = new WeakMap<object, unknown>();
const sentWith = ({ rawRequest, data }: CallableRequest<unknown>): unknown =>
  sent.has(rawRequest) ? sent.get(rawRequest) : data;

/**
 * Keeps what was sent from being decoded by the callable protocol, which makes a prototype of a field `__proto__`
 * and fails (500) on an unknown `@type` and on deep nesting. Contracts refuse all of that by name.
 */
const withoutDecoding = (deployed: CallableFunction<unknown, unknown>): CallableFunction<unknown, unknown> => {
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

const toHttpsError = (deps: Adapters, operation: string, error: unknown, correlationId: string): HttpsError => {
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
