import type { Express, NextFunction, Request, Response } from 'express';
import { isAdmittedByToken } from '../operations/admission';
import type { Call } from '../operations/operation';
import { requestId } from '@muster/contract/values';
import { addressOf } from './caller-address';
import { callOf, report, type Transport } from './callable';
import { CALLERS_HEADER, CORRELATION_HEADER, requestIdsOf, tellIds } from './request-ids';
import type { RequestIds } from '@muster/core/correlation';
import type { Called } from './named-callables';
import { door, DOOR_PATHS } from './door';
import { badInput, fieldProblems, MusterError, statusOf, toAnswer } from '@muster/core/errors';
import { waitFor } from './retry-after';
import type { Route } from './route';

/** A route for anyone. */
export interface OpenRoute {
  path: string;
  answer(): Promise<{ status: number; body: object }>;
}

export interface ApiOptions {
  deps: () => Transport;
  routes: readonly Route[];
  openRoutes: readonly OpenRoute[];
  /** What is answered at `/api/call/…`. */
  called: ReadonlyMap<string, Called>;
  /** Origins whose pages may call; any other page's browser refuses. */
  allowedOrigins: () => readonly string[];
}

/** The HTTP API as one express application. Cloud Functions has parsed the body when it gets here. */
export const apiApplication = ({ deps, routes, openRoutes, called, allowedOrigins }: ApiOptions): Express => {
  // Loaded here, not with the module: the other functions share the bundle and never need it.
  const express = require('express') as typeof import('express');
  const cors = require('cors') as typeof import('cors');
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');

  app.use((request, response, next) => {
    const ids = requestIdsOf(request, deps().ids);
    response.locals['ids'] = ids;
    tellIds(response, ids);
    response.set({ 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' });
    next();
  });
  app.use(
    cors({
      origin: (origin, answer) => answer(null, origin !== undefined && allowedOrigins().includes(origin)),
      methods: ['GET', 'POST'],
      allowedHeaders: ['authorization', 'content-type', 'x-request-id', 'idempotency-key', 'x-firebase-appcheck'],
      exposedHeaders: [CALLERS_HEADER, CORRELATION_HEADER],
      maxAge: 600,
    }),
  );

  for (const route of openRoutes) {
    app.get(route.path, async (_request, response) => {
      const { status, body } = await route.answer();
      response.status(status).json(body);
    });
  }
  app.all(DOOR_PATHS, door(deps, called));
  for (const route of routes) {
    app[route.method](expressPath(route.path), async (request, response) => {
      response.locals['route'] = route;
      const { operation } = route;
      const carried = { token: bearerOf(request), ip: addressOf(request) };
      const call = await callOf(deps(), { operation, ids: idsOf(response), input: request.body }, carried);
      const asked = await askedBy(call, route, request);
      const answer = await operation.run(deps(), call, asked);
      const content = route.content?.(answer as never);
      if (content) {
        response.status(200).set('content-type', content.type).send(content.body);
        return;
      }
      response.status(route.status ?? 200).json({ ok: true, ...route.toAnswer(answer as never) });
    });
  }

  app.use(() => {
    throw unknownRoute();
  });
  // express tells an error handler by its four parameters.
  app.use((error: unknown, request: Request, response: Response, _next: NextFunction) => {
    const { correlationId } = idsOf(response);
    // A path that is no text, such as `%ff`, is nobody's address.
    const answer = toAnswer(error instanceof URIError ? unknownRoute() : error, correlationId);
    const { code, message, details, cause } = answer;
    report(deps(), `${request.method} ${request.path}`, { code, cause }, correlationId);
    const route = response.locals['route'] as Route | undefined;
    const waiting = waitFor({ code, ...details }, deps().clock());
    if (waiting) response.set('retry-after', String(waiting.retryAfterSeconds));
    response
      .status(route?.refusedAs?.[code] ?? statusOf(code).http)
      .json({ ok: false, ...route?.refusal?.(answer), ...waiting, message, code, details });
  });
  return app;
};

/** What the operation is asked; whom Firebase Auth refuses hears that, and nothing of what it sent. */
const askedBy = async (call: Call, route: Route, request: Request): Promise<object> => {
  try {
    // Before the input: who may not ask is not told what to ask. The operation refuses them, and counts it.
    if (!isAdmittedByToken(call.identity, route.operation.contract.who)) return {};
    const input = route.method === 'get' ? request.query : bodyOf(request);
    const parsed = route.input.safeParse(input);
    if (!parsed.success) throw badInput(fieldProblems(parsed.error));
    return {
      ...(route.toRequest(parsed.data as never, request.params) as object),
      ...requestIdOf(route, request),
    };
  } catch (error) {
    await call.confirmed;
    throw error;
  }
};

const expressPath = (path: string): string => path.replaceAll(/\{\+(\w+)\}/gu, '*$1').replaceAll(/\{(\w+)\}/gu, ':$1');

const unknownRoute = (): MusterError =>
  new MusterError('NOT_FOUND', 'There is nothing at this address.', {
    reason: 'UNKNOWN_ROUTE',
    next: 'See docs/api.md for what there is.',
  });

const idsOf = (response: Response): RequestIds => response.locals['ids'] as RequestIds;

const bearerOf = (request: Request): string | undefined =>
  /^bearer ([^\s]+)$/iu.exec(request.header('authorization') ?? '')?.[1];

const bodyOf = (request: Request): unknown => {
  if (hasNoBody(request)) return {};
  if (!request.is('application/json')) {
    throw badInput([{ field: 'content-type', problem: 'send a JSON object with content-type application/json' }]);
  }
  const body: unknown = request.body;
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw badInput([{ field: '(body)', problem: 'a JSON object' }]);
  }
  return body;
};

/** Nothing was sent: the same as an empty object, whatever its type was said to be. */
const hasNoBody = (request: Request): boolean =>
  request.header('transfer-encoding') === undefined && Number(request.header('content-length') ?? 0) === 0;

/** `Idempotency-Key`: the HTTP way to give a requestId, for calls that change something. */
const requestIdOf = (route: Route, request: Request): { requestId?: string } => {
  const key = request.header('idempotency-key');
  if (route.method !== 'post' || key === undefined) return {};
  const parsed = requestId.safeParse(key);
  if (parsed.success) return { requestId: key };
  throw badInput(fieldProblems(parsed.error).map(({ problem }) => ({ field: 'Idempotency-Key', problem })));
};
