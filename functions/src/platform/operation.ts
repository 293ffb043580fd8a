/** What every operation is made of: what it may use, who calls it, and the contract that it is bound to. */
import type * as z from 'zod';
import type { DeploymentEnvironment } from '../contract/chaos';
import type { OperationContract } from '../contract/operations';
import type { Salts } from '../../../guard/src/append-entry';
import { badInput, fieldProblems } from '../../../guard/src/errors';
import type { Budget, Cost } from '../../../guard/src/meter';
import type { RefusalCounter } from '../../../guard/src/refusals';
import type { Identity } from './actor';
import type { ChangeDeps } from './change';
import type { Courier } from './courier';
import type { Doors } from './doors';
import type { Failures } from './failures';
import type { LogSigner } from './log-signer';
import type { Outbound } from './outbound';
import type { StaffDirectory } from './staff-directory';

/** All that an operation may use. Nothing is ambient: no clock, no database, no environment. */
export interface Deps extends ChangeDeps {
  directory: StaffDirectory;
  limits: Limits;
  /** What this project is: chaos runs only where it is not production. */
  environment: DeploymentEnvironment;
  refusals: RefusalCounter;
  failures: Failures;
  outbound: Outbound;
  /** For whoever tries whether they close. */
  doors: Doors;
  /** Takes queued writes to their receivers; throws when it has no key to sign them with. */
  courier: () => Courier;
  /** Signs the heads of the audit log; throws when it has no key. */
  signer: () => LogSigner;
  salts: Salts;
  /** Waits; a test goes on at once. */
  wait: (ms: number) => Promise<void>;
  /** Does something after the answer, again and again until it does not throw, within reason. */
  background(what: string, task: () => Promise<void>): void;
  /** Told what each call cost; tests compare it with the declared budget. */
  onCost?: (operation: string, spent: Cost) => void;
}

/** Limits that the deployment's parameters set. */
export interface Limits {
  /** A running drill is overdue after this many milliseconds. */
  maxDrillMs: number;
  /** Whether ending a kill switch, and approving a proposal of one's own, takes a second person. */
  twoPersons: boolean;
  /** Audit entries are kept for so many days. */
  retentionDays: number;
  /** The witnesses whose cosignatures are taken: verifier keys, separated by spaces. */
  witnessKeys: string;
  /** What actions of the product's own entries may begin with; never one of Muster's words. */
  auditNamespaces: readonly string[];
}

/** Who calls, as established from the token, and under which correlation id. */
export interface Call {
  identity: Identity;
  correlationId: string;
  /** Where it came from, as Google's front end saw it. */
  ip?: string | undefined;
}

/** What is deployed for a contract: its budget, and the whole way from a raw input to a checked answer. */
export interface Operation<Contract extends OperationContract = OperationContract> {
  name: string;
  contract: Contract;
  cost: Budget;
  run(deps: Deps, call: Call, input: unknown): Promise<z.output<Contract['response']>>;
  /** What the caller is told instead of an error that kept `run` from being called. */
  failure?: (deps: Deps, error: unknown, call: Pick<Call, 'correlationId'>, input: unknown) => unknown;
}

/** The input as its schema gives it; refuses with the fields that are wrong. */
export const parsed = <Schema extends z.ZodType>(schema: Schema, raw: unknown): z.output<Schema> => {
  const result = schema.safeParse(raw ?? {});
  if (result.success) return result.data;
  throw badInput(fieldProblems(result.error));
};
