/** What an answer says when the same `requestId` was answered before. */
import * as z from 'zod';

/**
 * Whether this was done before, under the same `requestId`: then nothing was changed by this call, `changed` is false, and the
 * rest is the answer of the call that did it.
 */
export const repeated = { repeated: z.literal(true).optional() };
type Repeated = typeof repeated;

interface Shapes {
  request: z.ZodType;
  response: z.ZodType;
}

/** An operation that takes a `requestId`, with an answer that says so. */
export type WithRepeated<Of> = Of extends {
  request: z.ZodObject<infer Asked>;
  response: z.ZodObject<infer Answer, infer Strict>;
}
  ? 'requestId' extends keyof Asked
    ? Omit<Of, 'response'> & { response: z.ZodObject<Answer & Repeated, Strict> }
    : Of
  : Of;

/** The same operations; whichever takes a `requestId` may say of its answer that it was given before. */
export const withRepeated = <Contracts extends Record<string, Shapes>>(contracts: Contracts) =>
  Object.fromEntries(
    Object.entries(contracts).map(([name, contract]) => [name, sayingRepeated(contract)]),
  ) as unknown as { readonly [Name in keyof Contracts]: WithRepeated<Contracts[Name]> };

const sayingRepeated = (contract: Shapes): Shapes =>
  contract.request instanceof z.ZodObject &&
  contract.response instanceof z.ZodObject &&
  'requestId' in contract.request.shape
    ? { ...contract, response: contract.response.extend(repeated) }
    : contract;
