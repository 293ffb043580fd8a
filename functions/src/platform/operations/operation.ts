/** What every operation is made of: who calls it, and the contract that it is bound to. */
import type * as z from 'zod';
import type { OperationContract } from '@muster/contract/operations';
import type { RequestIds } from '@muster/core/correlation';
import { badInput, fieldProblems } from '@muster/core/errors';
import type { Budget } from '@muster/core/meter';
import type { Identity } from './actor';
import type { Adapters } from './adapters';

/** Who calls, as established from the token, and under which ids. */
export interface Call extends RequestIds {
  identity: Identity;
  /**
   * Settles when Firebase Auth has said whether this account still stands; rejects when it refuses. Asked beside the first
   * reads: nothing is answered, committed or sent before it is in, and a refusal comes before any other.
   */
  confirmed: Promise<void>;
  /** Where it came from, as Google's front end saw it. */
  ip?: string | undefined;
}

/** What is deployed for a contract: its budget, and the whole way from a raw input to a checked answer. */
export interface Operation<Contract extends OperationContract = OperationContract> {
  name: string;
  contract: Contract;
  cost: Budget;
  run(deps: Adapters, call: Call, input: unknown): Promise<z.output<Contract['response']>>;
  /** What the caller is told instead of an error that kept `run` from being called. */
  failure?: (deps: Adapters, error: unknown, call: RequestIds, input: unknown) => unknown;
}

/** The input as its schema gives it; refuses with the fields that are wrong. */
export const parsed = <Schema extends z.ZodType>(schema: Schema, raw: unknown): z.output<Schema> => {
  const result = schema.safeParse(raw ?? {});
  if (result.success) return result.data;
  throw badInput(fieldProblems(result.error));
};
