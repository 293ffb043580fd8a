import * as z from 'zod';
import { operations, type OperationContract, type OperationName } from '../contract/operations';
import type { Role } from '../contract/staff';
import {
  actorOf,
  effectiveRoles,
  refuseEndedSession,
  refuseOthers,
  revocationAt,
  type Actor,
  type Identity,
} from './actor';
import { commitChange, type ChangeDeps, type Decision, type Memory } from './change';
import { documentAt, type DocumentAddress } from './documents';
import { badInput, fieldProblems, MusterError } from './errors';
import { policyAsStored, policyUnavailable, refuseRestrictedWrite } from './guard';
import { idFrom, type Ids } from './ids';
import { Meter, type Budget, type Cost } from './meter';
import { paths } from './paths';
import type { StaffDirectory } from './staff-directory';
import type { Work } from './work';

/** All that an operation may use. Nothing is ambient: no clock, no database, no environment. */
export interface Deps extends ChangeDeps {
  directory: StaffDirectory;
  limits: Limits;
  /** Told what each call cost; tests compare it with the declared budget. */
  onCost?: (operation: string, spent: Cost) => void;
}

/** Limits that the deployment's parameters set. */
export interface Limits {
  /** A running drill is overdue after this many milliseconds. */
  maxDrillMs: number;
}

/** Who calls, as established from the token, and under which correlation id. */
export interface Call {
  identity: Identity;
  correlationId: string;
}

export interface ReadContext {
  work: Pick<Work, 'prefetch' | 'read' | 'find'>;
  now: Date;
  roles: readonly Role[];
}

export interface ChangeContext {
  work: Work;
  now: Date;
  ids: Ids;
  actor: Actor;
  limits: Limits;
  directory: StaffDirectory;
  memory: Memory;
}

export interface FollowUp {
  directory: StaffDirectory;
  /** Reads what stands now, new each time. */
  read: <T>(address: DocumentAddress<T>) => Promise<T | undefined>;
}

interface Definition<Contract extends OperationContract> {
  name: string;
  contract: Contract;
  cost: Budget;
  run(deps: Deps, call: Call, input: unknown): Promise<z.output<Contract['response']>>;
}

export type Operation<Contract extends OperationContract = OperationContract> = Definition<Contract>;

/** One more read and one more write, when the caller gives a requestId. */
export const REQUEST_ID_COST: Cost = { reads: 1, writes: 1 };

/** How long the answer to a requestId is kept; Firestore's TTL removes it afterwards. */
const REQUEST_KEPT_MS = 30 * 24 * 60 * 60 * 1000;

const requestRecord = z.strictObject({ input: z.string(), response: z.string(), expiresAt: z.date() });

/** A change that is deployed: bound to its contract by name. */
export const defineChange = <Name extends OperationName>(
  name: Name,
  definition: ChangeDefinition<(typeof operations)[Name]>,
): Operation<(typeof operations)[Name]> => defineChangeOf(name, operations[name], definition);

export interface ChangeDefinition<Contract extends OperationContract> {
  /** Whether policy may forbid it. What ends or lessens an emergency is never forbidden by it. */
  guarded: boolean;
  /** Documents read and written on the usual way, the platform's own included, without a requestId. */
  cost: Budget;
  /** What it will surely read, so that all of it comes in one round trip. */
  reads?: (input: z.output<Contract['request']>) => DocumentAddress<unknown>[];
  decide: (
    context: ChangeContext,
    input: z.output<Contract['request']>,
  ) => Promise<Decision<z.input<Contract['response']>>>;
  /** What another system must be told once the change stands. Idempotent: it runs again with a repeated request. */
  afterwards?: (context: FollowUp, response: z.output<Contract['response']>) => Promise<void>;
}

/** The same for a contract that is not a callable of its own (the HTTP API has two). */
export const defineChangeOf = <Contract extends OperationContract>(
  name: string,
  contract: Contract,
  definition: ChangeDefinition<Contract>,
): Operation<Contract> => ({
  name,
  contract,
  cost: definition.cost,
  async run(deps, call, raw) {
    const meter = new Meter();
    const now = deps.clock();
    refuseOthers(effectiveRoles(call.identity, undefined), contract.who);
    const input = parsed<Contract['request']>(contract.request, raw);
    const request = requestOf(input, call.identity.uid, name);
    let actor: Actor = { type: 'member', id: call.identity.uid };

    const response = await commitChange<z.output<Contract['response']>>(
      deps,
      meter,
      { actor: () => actor, correlationId: call.correlationId, now },
      async (work, memory) => {
        const known = [revocationAt(call.identity.uid), ...(request ? [request.address] : [])];
        await loaded(
          definition.guarded,
          work.prefetch([
            ...(definition.guarded ? [policyAsStored()] : []),
            ...known,
            ...(definition.reads?.(input) ?? []),
          ]),
        );
        const revoked = await work.read(revocationAt(call.identity.uid));
        refuseEndedSession(call.identity, revoked);
        const roles = effectiveRoles(call.identity, revoked);
        refuseOthers(roles, contract.who);
        actor = actorOf(call.identity, roles);

        const before = request && (await work.read(request.address));
        if (request && before) {
          if (before.input !== request.input) throw reused();
          return { changed: false, response: JSON.parse(before.response) as z.output<Contract['response']> };
        }
        if (definition.guarded) refuseRestrictedWrite(await work.read(policyAsStored()), now);

        const decision = await definition.decide(
          { work, now, ids: deps.ids, actor, limits: deps.limits, directory: deps.directory, memory },
          input,
        );
        // Checked before the commit: a response that breaks its contract must not follow a change that stands.
        const checked = contract.response.parse(decision.response) as z.output<Contract['response']>;
        if (!request) return { ...decision, response: checked };
        // Also when nothing was to be changed: repeated later, the same request could find something to change.
        work.create(request.address, {
          input: request.input,
          response: JSON.stringify(checked),
          expiresAt: new Date(now.getTime() + REQUEST_KEPT_MS),
        });
        return { ...decision, response: checked, remembered: request.address.path };
      },
    );
    const read: FollowUp['read'] = (address) => deps.store.read(meter).read(address);
    await definition.afterwards?.({ directory: deps.directory, read }, response);
    deps.onCost?.(name, { reads: meter.reads, writes: meter.writes });
    return response;
  },
});

export interface ReadDefinition<Contract extends OperationContract> {
  cost: Budget;
  answer: (context: ReadContext, input: z.output<Contract['request']>) => Promise<z.input<Contract['response']>>;
}

/** A read that is deployed: it has no way to write. */
export const defineRead = <Name extends OperationName>(
  name: Name,
  definition: ReadDefinition<(typeof operations)[Name]>,
): Operation<(typeof operations)[Name]> => defineReadOf(name, operations[name], definition);

export const defineReadOf = <Contract extends OperationContract>(
  name: string,
  contract: Contract,
  definition: ReadDefinition<Contract>,
): Operation<Contract> => ({
  name,
  contract,
  cost: definition.cost,
  async run(deps, call, raw) {
    const meter = new Meter();
    refuseOthers(effectiveRoles(call.identity, undefined), contract.who);
    const input = parsed<Contract['request']>(contract.request, raw);
    const work = deps.store.read(meter);
    const revoked = await work.read(revocationAt(call.identity.uid));
    refuseEndedSession(call.identity, revoked);
    const roles = effectiveRoles(call.identity, revoked);
    refuseOthers(roles, contract.who);
    const answer = await definition.answer({ work, now: deps.clock(), roles }, input);
    const response = contract.response.parse(answer) as z.output<Contract['response']>;
    deps.onCost?.(name, { reads: meter.reads, writes: meter.writes });
    return response;
  },
});

const parsed = <Schema extends z.ZodType>(schema: Schema, raw: unknown): z.output<Schema> => {
  const result = schema.safeParse(raw ?? {});
  if (result.success) return result.data;
  throw badInput(fieldProblems(result.error));
};

/** For a guarded write a policy that cannot be read is a refusal that says so (law 3). */
const loaded = async (guarded: boolean, reading: Promise<void>): Promise<void> => {
  try {
    await reading;
  } catch (error) {
    if (guarded && error instanceof MusterError && error.code === 'UNAVAILABLE') throw policyUnavailable(error);
    throw error;
  }
};

/** A request id is the caller's own: another user's same id is another request. */
const requestOf = (input: unknown, uid: string, operation: string) => {
  if (typeof input !== 'object' || input === null || !('requestId' in input)) return undefined;
  if (typeof input.requestId !== 'string') return undefined;
  return {
    address: documentAt(paths.request(idFrom('req', uid, operation, input.requestId)), requestRecord),
    input: idFrom('req', JSON.stringify(input)),
  };
};

const reused = (): MusterError =>
  new MusterError('CONFLICT', 'This requestId was used before, with a different request. Nothing was changed.', {
    reason: 'REQUEST_ID_REUSED',
    fields: [{ field: 'requestId', problem: 'already used for another request' }],
    next: 'Repeat the earlier request unchanged, or choose a new requestId.',
  });
