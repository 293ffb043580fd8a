/** The callable protocol as our programs speak it: where an operation is, what is sent, and what came back. */
import * as z from 'zod';

/** Where operations are called. */
export interface CallPlace {
  /** Where the functions are, without a slash at the end. */
  functionsUrl: string;
  /** Whether each is called by its own name, instead of at the door of `api`. */
  namedCallables?: boolean | undefined;
  /** Where the project asks for App Check: a token of it. */
  appCheckToken?: string | undefined;
}

export const operationUrl = ({ functionsUrl, namedCallables }: CallPlace, name: string): string =>
  namedCallables ? `${functionsUrl}/${name}` : `${functionsUrl}/api/call/${name}`;

export interface Calling {
  data: unknown;
  /** The whole Authorization header; null for none. */
  authorization: string | null;
  correlationId?: string | undefined;
  deadlineMs: number;
}

/** What came: the HTTP status, and the body if it was JSON. */
export interface Came {
  status: number;
  body: unknown;
}

/** One call, made once. Throws when nothing answers in time. */
export const sendCall = async (
  fetched: (url: string, sent: RequestInit) => Promise<Response>,
  place: CallPlace,
  name: string,
  { data, authorization, correlationId, deadlineMs }: Calling,
): Promise<Came> => {
  const response = await fetched(operationUrl(place, name), {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(authorization === null ? {} : { authorization }),
      ...(correlationId === undefined ? {} : { 'x-request-id': correlationId }),
      ...(place.appCheckToken === undefined ? {} : { 'x-firebase-appcheck': place.appCheckToken }),
    },
    body: JSON.stringify({ data }),
    signal: AbortSignal.timeout(deadlineMs),
  });
  return { status: response.status, body: parsedJson(await response.text()) };
};

const done = z.object({ result: z.unknown() });

/** The result as it came, in a box, because it may be anything; undefined when the call was not done. */
export const resultIn = ({ status, body }: Came): { result: unknown } | undefined => {
  if (status !== 200) return undefined;
  const { success, data } = done.safeParse(body);
  return success ? { result: data.result } : undefined;
};

// What cannot be read of the details must not hide that it was refused.
const details = z.looseObject({
  code: z.string().optional().catch(undefined),
  reason: z.string().optional().catch(undefined),
  next: z.string().optional().catch(undefined),
  fields: z
    .array(z.object({ field: z.string(), problem: z.string() }))
    .optional()
    .catch(undefined),
  state: z.string().optional().catch(undefined),
  severity: z.literal('P0').optional().catch(undefined),
  steps: z.array(z.string()).optional().catch(undefined),
  correlationId: z.string().optional().catch(undefined),
});
const refusal = z.object({
  error: z.object({ status: z.string(), message: z.string(), details: details.optional().catch(undefined) }),
});
/** A refusal in the words of the protocol. */
export type CallRefusal = z.output<typeof refusal>['error'];

/** Undefined when what came is no answer of a callable function. */
export const callRefusalIn = (body: unknown): CallRefusal | undefined => refusal.safeParse(body).data?.error;

const parsedJson = (text: string): unknown => {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
};
