import type * as z from 'zod';
import { classIn, CATALOG, type OwnCapability } from '../contract/capabilities';
import { operations, type OperationContract, type OperationName } from '../contract/operations';
import type { Role } from '../contract/staff';
import type { Actor } from '../../../guard/src/audit-draft';
import type { Clock } from '../../../guard/src/clock';
import type { DocumentAddress } from '../../../guard/src/documents';
import { badInput, fieldProblems, MusterError } from '../../../guard/src/errors';
import { orPolicyUnavailable, refuseForbidden, refuseUnreadable } from '../../../guard/src/guarded';
import type { Ids } from '../../../guard/src/ids';
import type { Log } from '../../../guard/src/log';
import { Meter, type Budget, type Cost } from '../../../guard/src/meter';
import { policyAsStored } from '../../../guard/src/policy-document';
import { countRefusal } from '../../../guard/src/refused-call';
import type { RefusalCounter } from '../../../guard/src/refusals';
import { revocationAt } from '../../../guard/src/revocation';
import type { Work } from '../../../guard/src/work';
import { actorOf, effectiveRoles, refuseEndedSession, refuseOthers, type Identity } from './actor';
import { commitChange, sameIds, type ChangeDeps, type Decision, type Memory } from './change';
import type { Failures } from './failures';
import { answeredBefore, recordOf, requestRecordFor } from './request-record';
import type { StaffDirectory } from './staff-directory';

/** All that an operation may use. Nothing is ambient: no clock, no database, no environment. */
export interface Deps extends ChangeDeps {
  directory: StaffDirectory;
  limits: Limits;
  refusals: RefusalCounter;
  failures: Failures;
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
  identity: Identity;
}

export interface ChangeContext {
  work: Work;
  /** When the call came: what is recorded. */
  now: Date;
  /** The time now, at which a guard decides: what expired while the work was tried again has expired. */
  clock: Clock;
  ids: Ids;
  actor: Actor;
  identity: Identity;
  roles: readonly Role[];
  limits: Limits;
  directory: StaffDirectory;
  failures: Failures;
  memory: Memory;
}

export interface FollowUp {
  directory: StaffDirectory;
  log: Log;
  /** Reads what stands now, new each time. */
  read: <T>(address: DocumentAddress<T>) => Promise<T | undefined>;
}

interface Definition<Contract extends OperationContract> {
  name: string;
  contract: Contract;
  cost: Budget;
  run(deps: Deps, call: Call, input: unknown): Promise<z.output<Contract['response']>>;
  /** What the caller is told instead of an error that kept `run` from being called. */
  failure?: (deps: Deps, error: unknown, call: Pick<Call, 'correlationId'>, input: unknown) => unknown;
}

export type Operation<Contract extends OperationContract = OperationContract> = Definition<Contract>;

/** A change that is deployed: bound to its contract by name. */
export const defineChange = <Name extends OperationName>(
  name: Name,
  definition: ChangeDefinition<(typeof operations)[Name]>,
): Operation<(typeof operations)[Name]> => defineChangeOf(name, operations[name], definition);

export interface ChangeDefinition<Contract extends OperationContract> {
  /** The capability that it is, for policy to forbid; false for what ends or lessens an emergency. */
  guarded: OwnCapability | false;
  /** Documents read and written on the usual way, the platform's own included, without a requestId. */
  cost: Budget;
  /** What it will surely read, so that all of it comes in one round trip. */
  reads?: (input: z.output<Contract['request']>) => DocumentAddress<unknown>[];
  decide: (
    context: ChangeContext,
    input: z.output<Contract['request']>,
  ) => Promise<Decision<z.input<Contract['response']>>>;
  /** What must hold before an earlier answer is given again, where the answer lets somebody do something. */
  again?: (context: ChangeContext, input: z.output<Contract['request']>) => Promise<void>;
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
  run: counting(name, definition.guarded || undefined, async (deps, call, raw) => {
    const meter = new Meter();
    const now = deps.clock();
    const { guarded } = definition;
    const asked = guarded && { capability: guarded, actor: call.identity.uid };
    const kind = guarded ? classIn(CATALOG, guarded) : 'diagnostic';
    refuseOthers(effectiveRoles(call.identity, undefined), contract.who);
    const input = parsed<Contract['request']>(contract.request, raw);
    const request = requestRecordFor(input, call.identity.uid, name);
    let actor: Actor = { type: 'member', id: call.identity.uid };

    const response = await commitChange<z.output<Contract['response']>>(
      deps,
      meter,
      { actor: () => actor, correlationId: call.correlationId, now },
      async (work, memory) => {
        const known = [revocationAt(call.identity.uid), ...(request ? [request.address] : [])];
        const reading = work.prefetch([
          ...(guarded ? [policyAsStored()] : []),
          ...known,
          ...(definition.reads?.(input) ?? []),
        ]);
        await (guarded ? orPolicyUnavailable(reading) : reading);
        if (guarded) refuseUnreadable(work, call.identity.uid);
        const revoked = await work.read(revocationAt(call.identity.uid));
        refuseEndedSession(call.identity, revoked);
        const roles = effectiveRoles(call.identity, revoked);
        refuseOthers(roles, contract.who);
        actor = actorOf(call.identity, roles);

        const before = request && (await work.read(request.address));
        const context: ChangeContext = {
          work,
          now,
          clock: deps.clock,
          ids: sameIds(deps.ids, memory),
          actor,
          identity: call.identity,
          roles,
          limits: deps.limits,
          directory: deps.directory,
          failures: deps.failures,
          memory,
        };
        if (request && before) {
          if (asked && definition.again) refuseForbidden(work, asked, kind, deps.clock());
          await definition.again?.(context, input);
          return { changed: false, response: answeredBefore(request, before) as z.output<Contract['response']> };
        }
        if (asked) refuseForbidden(work, asked, kind, deps.clock());

        const decision = await definition.decide(context, input);
        // Again at the time of the commit: an exemption may have expired while the decision waited for something.
        if (asked) refuseForbidden(work, asked, kind, deps.clock());
        // Checked before the commit: a response that breaks its contract must not follow a change that stands.
        const checked = contract.response.parse(decision.response) as z.output<Contract['response']>;
        if (!request) return { ...decision, response: checked };
        // Also when nothing was to be changed: repeated later, the same request could find something to change.
        work.create(request.address, recordOf(request, checked, now));
        return { ...decision, response: checked, remembered: request.address.path };
      },
    );
    const read: FollowUp['read'] = (address) => deps.store.read(meter).read(address);
    await definition.afterwards?.({ directory: deps.directory, log: deps.log, read }, response);
    deps.onCost?.(name, { reads: meter.reads, writes: meter.writes });
    return response;
  }),
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
  run: counting(name, undefined, async (deps, call, raw) => {
    const meter = new Meter();
    refuseOthers(effectiveRoles(call.identity, undefined), contract.who);
    const input = parsed<Contract['request']>(contract.request, raw);
    const work = deps.store.read(meter);
    const revoked = await work.read(revocationAt(call.identity.uid));
    refuseEndedSession(call.identity, revoked);
    const roles = effectiveRoles(call.identity, revoked);
    refuseOthers(roles, contract.who);
    const answer = await definition.answer({ work, now: deps.clock(), roles, identity: call.identity }, input);
    const response = contract.response.parse(answer) as z.output<Contract['response']>;
    deps.onCost?.(name, { reads: meter.reads, writes: meter.writes });
    return response;
  }),
});

/** Counts what the guard refuses; whoever is refused hears why all the same. */
const counting =
  <Response>(
    name: string,
    capability: OwnCapability | undefined,
    run: (deps: Deps, call: Call, raw: unknown) => Promise<Response>,
  ) =>
  async (deps: Deps, call: Call, raw: unknown): Promise<Response> => {
    try {
      return await run(deps, call, raw);
    } catch (error) {
      const { identity, correlationId } = call;
      await countRefusal(deps, error, {
        caller: identity.uid,
        callerType: actorOf(identity, effectiveRoles(identity, undefined)).type,
        capability: (error instanceof MusterError ? error.details.capability : undefined) ?? capability ?? name,
        correlationId,
      });
      throw error;
    }
  };

const parsed = <Schema extends z.ZodType>(schema: Schema, raw: unknown): z.output<Schema> => {
  const result = schema.safeParse(raw ?? {});
  if (result.success) return result.data;
  throw badInput(fieldProblems(result.error));
};
