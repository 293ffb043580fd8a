/** The suite as its users meet it: sign in with a password, call functions over HTTP. */
import { operationUrl } from '@muster/client/callable-protocol';
import { operations, type OperationName, type RequestOf, type ResponseOf } from '@muster/contract/operations';

/** Where a suite answers; `npm run emulated` and `npm run seed` set all of it. */
const address = (variable: string): string => {
  const value = process.env[variable];
  if (!value) throw new Error(`${variable} is not set: run this beside the emulators (npm run emulated).`);
  return value;
};

/** The ID token of a user, as the web SDK would get it. The key is any text on the emulator. */
export const signIn = async (email: string, password: string): Promise<string> => {
  const origin = `http://${address('FIREBASE_AUTH_EMULATOR_HOST')}`;
  const { idToken } = await post<{ idToken: string }>(
    `${origin}/identitytoolkit.googleapis.com/v1/accounts:signInWithPassword?key=demo`,
    { email, password, returnSecureToken: true },
  );
  return idToken;
};

/** Calls a deployed operation; an answer that breaks the contract is a failure. */
export const call = async <Name extends OperationName>(
  name: Name,
  { token, correlationId }: { token: string; correlationId?: string },
  data: RequestOf<Name>,
): Promise<ResponseOf<Name>> => {
  const { result } = await post<{ result: unknown }>(
    operationUrl({ functionsUrl: address('MUSTER_FUNCTIONS_URL') }, name),
    { data },
    { authorization: `Bearer ${token}`, ...(correlationId === undefined ? {} : { 'x-request-id': correlationId }) },
  );
  return operations[name].response.parse(result) as ResponseOf<Name>;
};

/** Fires a schedule as Cloud Scheduler does; the time becomes the job's clock. */
export const fireSchedule = async (name: string, at: Date): Promise<void> => {
  const { hostname, pathname, origin } = new URL(address('MUSTER_FUNCTIONS_URL'));
  const [, project, region] = pathname.split('/');
  if (!hostname || !project || !region) throw new Error('MUSTER_FUNCTIONS_URL is not that of a functions emulator');
  await post(
    `${origin}/functions/projects/${project}/triggers/${region}-${name}-0`,
    {},
    { 'x-cloudscheduler-scheduletime': at.toISOString(), 'x-cloudscheduler-jobname': name },
  );
};

const post = async <Answer>(url: string, body: unknown, headers: Record<string, string> = {}): Promise<Answer> => {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${url} answered ${response.status}: ${text}`);
  return (text.startsWith('{') ? JSON.parse(text) : undefined) as Answer;
};
