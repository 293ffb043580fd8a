/** A Muster over the network: callables, its HTTP API, and Firestore's REST interface. */
import * as z from 'zod';
import { operations, type OperationName, type RequestOf, type ResponseOf } from '@muster/contract';
import type { Answered, CallOptions, Refused, StoredTimes, Target } from './target';

export interface HttpPlace {
  project: string;
  /** Where the functions are, without a slash at the end. */
  functionsUrl: string;
  /** `host:port` of the Firestore emulator; undefined for a real project. */
  firestoreEmulator?: string | undefined;
  /** An ID token of a staff member, renewed by whoever gives it. */
  token: () => Promise<string>;
  fetch: (url: string, sent: RequestInit) => Promise<Response>;
  /** Milliseconds since 1970. */
  now: () => number;
}

const DEADLINE_MS = 20_000;
const PAGE = 300;

export const httpTarget = (place: HttpPlace): Target => {
  const database = `projects/${place.project}/databases/(default)/documents`;
  const firestore = place.firestoreEmulator ? `http://${place.firestoreEmulator}` : 'https://firestore.googleapis.com';
  const bearer = async () => `Bearer ${await place.token()}`;

  const send = async (url: string, sent: Sent, options: CallOptions = {}): Promise<Raw> => {
    const authorization = options.authorization === undefined ? await bearer() : options.authorization;
    const begun = place.now();
    try {
      const response = await place.fetch(url, {
        method: sent.body === undefined ? 'GET' : 'POST',
        headers: {
          ...(authorization === null ? {} : { authorization }),
          ...(sent.body === undefined ? {} : { 'content-type': 'application/json' }),
          ...(options.correlationId === undefined ? {} : { 'x-request-id': options.correlationId }),
        },
        ...(sent.body === undefined ? {} : { body: JSON.stringify(sent.body) }),
        signal: AbortSignal.timeout(options.deadlineMs ?? DEADLINE_MS),
      });
      const json: unknown = await response.json().catch(() => undefined);
      return { status: response.status, json, ms: place.now() - begun };
    } catch {
      return { status: 0, json: undefined, ms: place.now() - begun };
    }
  };

  const call = async <Name extends OperationName>(
    name: Name,
    data: RequestOf<Name>,
    options?: CallOptions,
  ): Promise<Answered<ResponseOf<Name>>> => {
    const raw = await send(`${place.functionsUrl}/${name}`, { body: { data } }, options);
    const result = z.object({ result: z.unknown() }).safeParse(raw.json);
    if (raw.status !== 200 || !result.success) return refusedOf(raw);
    const response = operations[name].response.safeParse(result.data.result);
    if (!response.success) return notUnderstood(name, raw);
    return { done: true, response: response.data as ResponseOf<Name>, ms: raw.ms };
  };

  return {
    emulated: place.firestoreEmulator !== undefined,
    token: place.token,
    call,
    async get(path, options) {
      const raw = await send(`${place.functionsUrl}/api${path}`, {}, options);
      return isDone(raw) ? { done: true, response: raw.json, ms: raw.ms } : refusedOf(raw);
    },
    async writeByRules(experimentId, key) {
      const name = `${database}/muster_experiments/${experimentId}/muster_writes/${key}`;
      const body = { writes: [{ update: { name, ...(await ownWrite(place)) }, ...ONLY_ONCE }] };
      const raw = await send(`${firestore}/v1/${database}:commit`, { body });
      return isDone(raw) ? { done: true, response: null, ms: raw.ms } : refusedOf(raw);
    },
    async writesOf(experimentId) {
      const all: StoredTimes[] = [];
      let pageToken: string | undefined;
      do {
        const query = new URLSearchParams({ pageSize: String(PAGE), ...(pageToken ? { pageToken } : {}) });
        const raw = await send(
          `${firestore}/v1/${database}/muster_experiments/${experimentId}/muster_writes?${query.toString()}`,
          {},
        );
        if (!isDone(raw)) throw new Error(`the writes of ${experimentId} could not be read: ${refusedOf(raw).message}`);
        const page = listed.parse(raw.json);
        all.push(...page.documents);
        pageToken = page.nextPageToken;
      } while (pageToken);
      return all;
    },
    async timesOf(path) {
      const raw = await send(`${firestore}/v1/${database}/${path}`, {});
      return isDone(raw) ? stored.parse(raw.json) : undefined;
    },
  };
};

interface Sent {
  body?: unknown;
}

interface Raw {
  status: number;
  json: unknown;
  ms: number;
}

const stored = z.object({ name: z.string(), createTime: z.string() });
const listed = z.object({ documents: z.array(stored).default([]), nextPageToken: z.string().optional() });

const isDone = ({ status }: Raw): boolean => status >= 200 && status < 300;

const KEPT_MS = 7 * 24 * 60 * 60 * 1000;

/** What rules let a client write; beside it, `at` is the server's time. */
const ownWrite = async ({ token, now }: HttpPlace) => ({
  fields: {
    by: { stringValue: uidIn(await token()) },
    via: { stringValue: 'rules' },
    musterExpireAt: { timestampValue: new Date(now() + KEPT_MS).toISOString() },
  },
});
const ONLY_ONCE = {
  currentDocument: { exists: false },
  updateTransforms: [{ fieldPath: 'at', setToServerValue: 'REQUEST_TIME' }],
};

/** Only to say who writes; rules compare it with the token that they verified. */
const uidIn = (token: string): string => {
  const payload: unknown = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8'));
  return z.object({ sub: z.string() }).parse(payload).sub;
};

const details = z.looseObject({
  code: z.string().optional(),
  reason: z.string().optional(),
  next: z.string().optional(),
});
const callableRefusal = z.object({
  error: z.object({ status: z.string(), message: z.string(), details: details.optional().catch(undefined) }),
});
const apiRefusal = z.object({ code: z.string(), message: z.string(), details: details.optional().catch(undefined) });

/** Callables and Firestore say no in one form, the HTTP API in another. */
const refusedOf = ({ status, json, ms }: Raw): Refused => {
  const called = callableRefusal.safeParse(json).data?.error;
  const asked = apiRefusal.safeParse(json).data;
  const said = called ? { code: called.details?.code ?? called.status, ...called } : asked;
  if (said) {
    const { reason = said.code, next = null } = said.details ?? {};
    return { done: false, status, code: said.code, reason, message: said.message, next, ms };
  }
  return status === 0
    ? { done: false, status, code: 'UNAVAILABLE', reason: 'UNREACHABLE', message: 'No answer came.', next: null, ms }
    : { done: false, status, code: 'UNAVAILABLE', reason: 'UNEXPECTED', message: `Status ${status}.`, next: null, ms };
};

const notUnderstood = (name: string, { status, ms }: Raw): Refused => ({
  ...{ done: false, status, code: 'INTERNAL', reason: 'UNEXPECTED', next: null, ms },
  message: `The answer to ${name} is not what this version knows; it was carried out all the same.`,
});
