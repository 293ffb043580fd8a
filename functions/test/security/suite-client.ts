/** The running suite as an outsider reaches it: callables by the callable protocol, routes of the HTTP API. */
import type { OperationName } from '@muster/contract/operations';

export interface Answer {
  status: number;
  headers: Headers;
  /** As received, so that a test can look for what must not be in it. */
  text: string;
  /** Parsed, when it is JSON. */
  json: Record<string, unknown>;
}

export interface Sent {
  /** The whole Authorization header. */
  authorization?: string | undefined;
  headers?: Record<string, string>;
  /** The body as it goes over the wire. */
  body?: string | undefined;
}

const urlFrom = (variable: string): string => {
  const url = process.env[variable];
  if (!url) throw new Error(`${variable} is not set: run this with npm run emulated -- npx jest …`);
  return url;
};

/** `POST` to a callable function; `body` is what stands on the wire, envelope included. */
export const post = (name: OperationName, sent: Sent): Promise<Answer> =>
  send('POST', `${urlFrom('MUSTER_FUNCTIONS_URL')}/${name}`, sent);

/** The same operation at the door of `api`, by way of Hosting; any name, so that a test can ask for what there is not. */
export const atDoor = (name: string, sent: Sent): Promise<Answer> =>
  send('POST', `${urlFrom('MUSTER_API_URL')}/api/call/${name}`, sent);

/** A route of the HTTP API, `GET /api/ops/audit`. */
export const ask = (route: string, sent: Sent): Promise<Answer> => {
  const [method = '', path = ''] = route.split(' ');
  return send(method, `${urlFrom('MUSTER_API_URL')}${path}`, sent);
};

const send = async (method: string, url: string, { authorization, headers, body }: Sent): Promise<Answer> => {
  const response = await fetch(url, {
    method,
    headers: {
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(authorization === undefined ? {} : { authorization }),
      ...headers,
    },
    ...(body === undefined ? {} : { body }),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, json: parsed(text) };
};

export interface Client {
  post: (name: OperationName, sent: Sent) => Promise<Answer>;
  ask: (route: string, sent: Sent) => Promise<Answer>;
}

/** A backend that answers callables and routes at one origin; not the suite's. */
export const clientAt = (origin: string): Client => ({
  post: (name, sent) => send('POST', `${origin}/${name}`, sent),
  ask(route, sent) {
    const [method = '', path = ''] = route.split(' ');
    return send(method, `${origin}${path}`, sent);
  },
});

const parsed = (text: string): Record<string, unknown> => {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return {};
  }
};

/** A refusal in one shape, whichever transport it came by. */
export const refusalIn = ({ status, json }: Answer) => {
  const error = (json['error'] ?? json) as Record<string, unknown>;
  const details = (error['details'] ?? {}) as { reason?: string; code?: string; fields?: { field: string }[] };
  return {
    status,
    ok: json['ok'],
    code: json['error'] ? details.code : json['code'],
    message: typeof error['message'] === 'string' ? error['message'] : '',
    reason: details.reason,
    fields: (details.fields ?? []).map(({ field }) => field),
  };
};

/** What never leaves the backend: stacks, files, document names, the validator's own words. */
const INTERNAL =
  /node_modules|\bat (?:async )?[\w.<>]+ \(|\.(?:js|ts|cjs|mjs):\d+|\/(?:work|home|root|usr|tmp|workspace)\/|projects\/[\w-]+|documents\/|ZodError|"stack"|FirebaseAuthError|firebase-admin|gRPC|ECONN/u;

export const internalsIn = (text: string): string | undefined => INTERNAL.exec(text)?.[0];
