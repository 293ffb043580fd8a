import { MusterError } from '@muster/core/errors';
import type { Send } from '@muster/core/storage/rest-channel';

/** Callable functions of this deployment at their own addresses. */
export interface NamedFunctions {
  /** Whatever the function answers is an answer; only none is a failure. */
  call(
    name: string,
    request: { headers: Record<string, string>; body: string },
  ): Promise<{ status: number; body: string; correlationId?: string | undefined }>;
}

/** Less than a function has in all, so that the caller is told. */
const DEADLINE_MS = 55_000;

/** `address` gives what stands before a function's name: of a project in the cloud, or of the emulator. */
export const namedFunctionsAt = (address: () => Promise<string>, send: Send): NamedFunctions => ({
  async call(name, { headers, body }) {
    try {
      const signal = AbortSignal.timeout(DEADLINE_MS);
      const answer = await send(`${await address()}/${name}`, { method: 'POST', headers, body, signal });
      const text = await answer.text();
      if (isOfProtocol(text)) {
        const correlationId = answer.headers?.get('x-muster-correlation-id') ?? undefined;
        return { status: answer.status, body: text, correlationId };
      }
      throw new Error(`no answer of a callable function: ${answer.status} ${text.slice(0, 500)}`);
    } catch (error) {
      throw unreachable(name, error);
    }
  },
});

/** An answer of the callable protocol. Anything else is from something in between, or from nobody: a page that says 404. */
const isOfProtocol = (text: string): boolean => {
  try {
    const said: unknown = JSON.parse(text);
    return typeof said === 'object' && said !== null && ('result' in said || 'error' in said);
  } catch {
    return false;
  }
};

const unreachable = (name: string, cause: unknown): MusterError =>
  new MusterError(
    'UNAVAILABLE',
    `The function ${name}, which alone has the key for this, gave no answer; whether it was done is not known.`,
    {
      reason: 'FUNCTION_UNREACHABLE',
      next: `Check that ${name} is deployed (docs/operations.md, "Deploying without the named callables"), then repeat the call.`,
    },
    { cause },
  );

/** Where the functions of a project are; `hub` is that of an emulator suite, which knows where its functions are. */
export const addressOfFunctions = (
  { project, region, hub }: { project: () => string; region: string; hub: string | undefined },
  ask: (url: string) => Promise<unknown>,
): (() => Promise<string>) => {
  if (hub === undefined) return async () => `https://${region}-${project()}.cloudfunctions.net`;
  return async () => {
    const emulators = (await ask(`http://${hub}/emulators`)) as { functions?: { host: string; port: number } };
    if (!emulators.functions) throw new Error('the emulator hub knows of no functions');
    return `http://${emulators.functions.host}:${emulators.functions.port}/${project()}/${region}`;
  };
};
