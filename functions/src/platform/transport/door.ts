/** `POST /api/call/OPERATION`: every operation at one address, so that a client starts one process and not forty. */
import type { Request, RequestHandler, Response } from 'express';
import type { HttpsError } from 'firebase-functions/v2/https';
import { MusterError } from '@muster/core/errors';
import type { Operation } from '../operations/operation';
import { answering, toHttpsError, type Answering, type Transport } from './callable';
import type { Called } from './named-callables';
import { CALLERS_HEADER, requestIdsOf, tellIds } from './request-ids';

/**
 * Where the door stands in the paths that `api` sees: Hosting hands on the whole path, a function's own address leaves out
 * the function's name.
 */
export const DOOR_PATHS = ['/api/call/:operation', '/call/:operation'];

/** CORS is that of the HTTP API, which has answered it already. */
const OPTIONS = { cors: false };

/** Headers of the caller that its named function must see too. */
const HANDED_ON = ['authorization', 'content-type', 'x-firebase-appcheck'] as const;

export const door = (deps: () => Transport, called: ReadonlyMap<string, Called>): RequestHandler => {
  const answers = new Map<string, Answering>();
  const answerOf = (operation: Operation): Answering => {
    const answer = answers.get(operation.name) ?? answering(deps, operation, OPTIONS);
    answers.set(operation.name, answer);
    return answer;
  };

  return async (request, response) => {
    const found = called.get(String(request.params['operation']));
    // Whatever is no call is answered as the protocol does, without anybody having to know the operation.
    if (!found || request.method !== 'POST') await answerOf(UNKNOWN)(asCalled(request), response);
    else if (found.needsSecret) await handOn(deps(), found.operation.name, request, response);
    else await answerOf(found.operation)(asCalled(request), response);
  };
};

/** Cloud Functions gives a request its raw body, and types it so. */
const asCalled = (request: Request): Parameters<Answering>[0] => request as Parameters<Answering>[0];

/** Stands for what there is not, so that a call of it passes the same protocol. */
const UNKNOWN: Operation = {
  name: '(unknown)',
  contract: undefined as never,
  cost: { reads: 0, writes: 0 },
  run: async () => {
    throw new MusterError('NOT_FOUND', 'There is no such operation.', {
      reason: 'UNKNOWN_ROUTE',
      next: 'See docs/api.md for what there is.',
    });
  },
};

/**
 * To the function that has the secret: the caller's own token and body go there, and its answer comes back as it is. Nothing
 * is checked here, because everything is checked there.
 */
const handOn = async (deps: Transport, name: string, request: Request, response: Response): Promise<void> => {
  const ids = requestIdsOf(request, deps.ids);
  const { callerRequestId, correlationId } = ids;
  tellIds(response, ids);
  const carried = HANDED_ON.flatMap((header) => {
    const value = request.header(header);
    return value === undefined ? [] : [[header, value] as const];
  });
  try {
    const own = callerRequestId === null || callerRequestId === undefined ? {} : { [CALLERS_HEADER]: callerRequestId };
    const answer = await deps.namedFunctions.call(name, {
      headers: { ...Object.fromEntries(carried), ...own },
      body: bodyOf(request),
    });
    // The function that did it has given it an id, under which it stands in the audit.
    if (answer.correlationId !== undefined) tellIds(response, { callerRequestId, correlationId: answer.correlationId });
    const { status, body } = answer;
    response.status(status).type('json').send(body);
  } catch (error) {
    refuse(response, toHttpsError(deps, name, error, correlationId));
  }
};

/** As it came, where that was kept, which Cloud Functions does. */
const bodyOf = (request: Request): string => {
  const { rawBody } = request as Request & { rawBody?: Buffer };
  return rawBody?.toString('utf8') ?? JSON.stringify(request.body ?? null);
};

const refuse = (response: Response, error: HttpsError): void => {
  response.status(error.httpErrorCode.status).json({ error });
};
