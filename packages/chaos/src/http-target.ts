/** A Muster over the network: callables, its HTTP API, and Firestore's REST interface. */
import * as z from 'zod';
import { operations, type OperationName, type RequestOf, type ResponseOf } from '@muster/contract';
import { callRefusalIn, resultIn, sendCall, type Came } from '@muster/client/callable-protocol';
import type { Answered, CallOptions, Refused, StoredTimes, Target } from './target';

export interface HttpPlace {
  project: string;
  /** Where the functions are, without a slash at the end. */
  functionsUrl: string;
  /** Whether operations are called by their own names, instead of at the door of `api`. */
  namedCallables?: boolean | undefined;
  /** Where the project asks for App Check: a token of it. */
  appCheckToken?: string | undefined;
  /** `host:port` of the Firestore emulator; undefined for a real project, and said either way. */
  firestoreEmulator: string | undefined;
  /** An ID token of a staff member, renewed by whoever gives it. */
  token: () => Promise<string>;
  fetch: (url: string, sent: RequestInit) => Promise<Response>;
  /** Milliseconds since 1970. */
  now: () => number;
}

const DEADLINE_MS = 20_000;
const PAGE = 300;

/**
 * Throws TypeError, before anything is sent, for what is missing, and for functions and a Firestore that do not belong together: an
 * experiment that was meant for an emulator must not write to a real project by the half that was forgotten, nor the other way round.
 */
export const httpTarget = (place: HttpPlace): Target => {
  refuseHalves(place);
  const database = `projects/${place.project}/databases/(default)/documents`;
  const firestore = place.firestoreEmulator ? `http://${place.firestoreEmulator}` : 'https://firestore.googleapis.com';
  const bearer = async () => `Bearer ${await place.token()}`;

  const authorizationOf = async ({ authorization }: CallOptions): Promise<string | null> =>
    authorization === undefined ? await bearer() : authorization;

  const timed = async (asked: () => Promise<Came>): Promise<Raw> => {
    const begun = place.now();
    const came = await asked().catch(() => ({ status: 0, body: undefined }));
    return { ...came, ms: place.now() - begun };
  };

  const send = async (url: string, sent: Sent, options: CallOptions = {}): Promise<Raw> => {
    const authorization = await authorizationOf(options);
    return timed(async () => {
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
      return { status: response.status, body: await response.json().catch(() => undefined) };
    });
  };

  const call = async <Name extends OperationName>(
    name: Name,
    data: RequestOf<Name>,
    options: CallOptions = {},
  ): Promise<Answered<ResponseOf<Name>>> => {
    const { correlationId, deadlineMs = DEADLINE_MS } = options;
    const authorization = await authorizationOf(options);
    const raw = await timed(() =>
      sendCall(place.fetch, place, name, { data, authorization, correlationId, deadlineMs }),
    );
    const found = resultIn(raw);
    if (!found) return refusedOf(raw);
    const response = operations[name].response.safeParse(found.result);
    if (!response.success) return notUnderstood(name, raw);
    return { done: true, response: response.data as ResponseOf<Name>, ms: raw.ms };
  };

  return {
    emulated: place.firestoreEmulator !== undefined,
    token: place.token,
    call,
    async get(path, options) {
      const raw = await send(`${place.functionsUrl}/api${path}`, {}, options);
      return isDone(raw) ? { done: true, response: raw.body, ms: raw.ms } : refusedOf(raw);
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
        const page = listed.parse(raw.body);
        all.push(...page.documents);
        pageToken = page.nextPageToken;
      } while (pageToken);
      return all;
    },
    async timesOf(path) {
      const raw = await send(`${firestore}/v1/${database}/${path}`, {});
      return isDone(raw) ? stored.parse(raw.body) : undefined;
    },
  };
};

const refuseHalves = (place: HttpPlace): void => {
  for (const name of ['token', 'fetch', 'now'] as const) {
    if (typeof place[name] !== 'function') throw new TypeError(`${name}: a function (see HttpPlace)`);
  }
  if (typeof place.project !== 'string' || place.project === '') throw new TypeError('project: the id of the project');
  if (!URL.canParse(place.functionsUrl)) throw new TypeError('functionsUrl: where the functions are, a whole address');
  // Not every caller has a compiler that asks for it.
  if (!('firestoreEmulator' in place)) {
    throw new TypeError('firestoreEmulator: host:port of the Firestore emulator, or undefined for a real project');
  }
  const { firestoreEmulator, functionsUrl, project } = place;
  if (firestoreEmulator !== undefined && !URL.canParse(`http://${firestoreEmulator}`)) {
    throw new TypeError('firestoreEmulator: host:port of the Firestore emulator');
  }
  const areEmulated = isLoopback(functionsUrl) || project.startsWith('demo-');
  if (areEmulated && !firestoreEmulator) {
    throw new TypeError(
      `firestoreEmulator: missing. The functions of ${project} at ${functionsUrl} are emulated, and without it the writes would go to a real Firestore.`,
    );
  }
  if (!areEmulated && firestoreEmulator !== undefined) {
    throw new TypeError(
      `functionsUrl: ${functionsUrl} is no emulator, and firestoreEmulator is one. Give both of the emulators, or neither.`,
    );
  }
};

const isLoopback = (url: string): boolean => {
  const { hostname } = new URL(url);
  return hostname === 'localhost' || hostname === '[::1]' || /^127(?:\.\d{1,3}){3}$/u.test(hostname);
};

interface Sent {
  body?: unknown;
}

interface Raw extends Came {
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
const apiRefusal = z.object({ code: z.string(), message: z.string(), details: details.optional().catch(undefined) });

/** Callables and Firestore say no in one form, the HTTP API in another. */
const refusedOf = ({ status, body, ms }: Raw): Refused => {
  const called = callRefusalIn(body);
  const asked = apiRefusal.safeParse(body).data;
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
