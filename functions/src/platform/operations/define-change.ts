/** Operations that change something: one unit of work, one commit with its audit entry, one checked answer. */
import type * as z from 'zod';
import { classIn, CAPABILITY_CATALOG, type OwnCapability } from '@muster/contract/capabilities';
import { everyOperation, type AnyOperationName, type ContractOf } from '@muster/contract/http-operations';
import type { OperationContract } from '@muster/contract/operations';
import type { Role } from '@muster/contract/staff';
import type { Actor } from '@muster/core/audit/audit-draft';
import type { DocumentAddress } from '@muster/core/storage/documents';
import { orPolicyUnavailable, refuseForbidden, refuseUnreadable } from '@muster/guard/guarded';
import { Meter, type Budget } from '@muster/core/meter';
import { policyAsStored } from '@muster/guard/policy-document';
import { revocationAt } from '@muster/guard/revocation';
import type { Work } from '@muster/core/storage/work';
import { actorOf, originOf, type Identity } from './actor';
import type { Adapters } from './adapters';
import { accountCallsAt, isBudgeted, roomForChange } from './account-budget';
import { admit, admitByToken } from './admission';
import { commitChange, sameIds, type Decision, type Memory } from './change';
import { counting } from './count-refusals';
import { parsed, type Call, type Operation } from './operation';
import { answeredBefore, recordOf, requestRecordFor } from './request-record';

/** What a decision may use. It may be made more than once: its reads and writes go through `work` alone. */
export interface ChangeContext extends Pick<
  Adapters,
  'clock' | 'ids' | 'limits' | 'environment' | 'directory' | 'perInstance'
> {
  work: Work;
  /** When the call came: what is recorded. A guard decides by `clock`: what expired meanwhile has expired. */
  now: Date;
  actor: Actor;
  identity: Identity;
  roles: readonly Role[];
  memory: Memory;
  /** Of the audit entry that this change will have. */
  entryId: string;
}

/** What an operation may ask of the outside, and what it must know for that. */
export interface OutsideContext extends Pick<Adapters, 'clock' | 'outbound'> {
  read: Pick<Work, 'prefetch' | 'read' | 'find'>;
}

/** What is at hand once the change stands. */
export interface FollowUp extends Pick<Adapters, 'directory' | 'limits' | 'log'> {
  /** Reads what stands now, new each time. */
  read: <T>(address: DocumentAddress<T>) => Promise<T | undefined>;
}

export interface ChangeDefinition<Contract extends OperationContract, Found = undefined> {
  /** The capability that it is, for policy to forbid; false for what ends or lessens an emergency. */
  guarded: OwnCapability | false;
  /** Whether the policy is asked once the decision is made, and not before: where what is carried is to be refused first. */
  restrictedLast?: boolean;
  /** Documents read and written on the usual way, the platform's own included, without a requestId. */
  cost: Budget;
  /** What it will surely read, so that all of it comes in one round trip. */
  reads?: (input: z.output<Contract['request']>) => DocumentAddress<unknown>[];
  /**
   * What is found out before the unit of work begins: nothing waits for it, and it is asked once, however often the work is
   * decided. Not asked for a caller who is not let in, nor for a request that was answered before.
   */
  outside?: (context: OutsideContext, input: z.output<Contract['request']>) => Promise<Found>;
  decide: (
    context: ChangeContext,
    input: z.output<Contract['request']>,
    found: Found,
  ) => Promise<Decision<z.input<Contract['response']>>>;
  /** What must hold before an earlier answer is given again, where the answer lets somebody do something. */
  again?: (context: ChangeContext, input: z.output<Contract['request']>) => Promise<void>;
  /** What another system must be told once the change stands. Idempotent: it runs again with a repeated request. */
  afterwards?: (context: FollowUp, response: z.output<Contract['response']>) => Promise<void>;
}

/** A change, bound to its contract by name. */
export const defineChange = <Name extends AnyOperationName, Found = undefined>(
  name: Name,
  definition: ChangeDefinition<ContractOf<Name>, Found>,
): Operation<ContractOf<Name>> => bound(name, everyOperation[name], definition);

const bound = <Contract extends OperationContract, Found>(
  name: string,
  contract: Contract,
  definition: ChangeDefinition<Contract, Found>,
): Operation<Contract> => ({
  name,
  contract,
  cost: definition.cost,
  run: counting(name, definition, async (deps, call, raw) => {
    const meter = new Meter();
    const now = deps.clock();
    const { guarded } = definition;
    const asked = guarded && { capability: guarded, actor: call.identity.uid };
    const kind = guarded ? classIn(CAPABILITY_CATALOG, guarded) : 'diagnostic';
    admitByToken(call.identity, contract.who);
    const input = parsed<Contract['request']>(contract.request, raw);
    const request = requestRecordFor(input, call.identity.uid, name);
    let actor: Actor = { type: 'member', id: call.identity.uid };
    const found =
      definition.outside && (await askOutside(deps, meter, call, contract, request, input, definition.outside));

    const response = await commitChange<z.output<Contract['response']>>(
      deps,
      meter,
      { actor: () => actor, correlationId: call.correlationId, now, from: originOf(call) },
      async (work, memory, entryId) => {
        const known = [
          revocationAt(call.identity.uid),
          ...(request ? [request.address] : []),
          ...(isBudgeted(contract) ? [accountCallsAt(call.identity.uid)] : []),
        ];
        const reading = work.prefetch([
          ...(guarded ? [policyAsStored()] : []),
          ...known,
          ...(definition.reads?.(input) ?? []),
        ]);
        await (guarded ? orPolicyUnavailable(reading) : reading);
        if (guarded) refuseUnreadable(work, call.identity.uid);
        const roles = await admit(work, call, contract, deps.limits);
        actor = actorOf(call.identity, roles);

        const before = request && (await work.read(request.address));
        const ids = sameIds(deps.ids, memory);
        const { identity } = call;
        const context: ChangeContext = { ...deps, work, now, ids, actor, identity, roles, memory, entryId };
        if (request && before) {
          if (asked && definition.again) refuseForbidden(work, asked, kind, deps.clock());
          await definition.again?.(context, input);
          return { changed: false, response: answeredBefore(request, before, roles) as z.output<Contract['response']> };
        }
        const spend = isBudgeted(contract) ? await roomForChange(work, { uid: identity.uid, roles }, now) : undefined;
        if (asked && !definition.restrictedLast) refuseForbidden(work, asked, kind, deps.clock());

        const decision = await definition.decide(context, input, found as Found);
        // Again at the time of the commit: an exemption may have expired while the decision waited for something.
        if (asked) refuseForbidden(work, asked, kind, deps.clock());
        // Checked before the commit: a response that breaks its contract must not follow a change that stands.
        if (decision.changed) spend?.();
        const checked = contract.response.parse(decision.response) as z.output<Contract['response']>;
        if (!request) return { ...decision, response: checked };
        // Also when nothing was to be changed: repeated later, the same request could find something to change.
        work.create(request.address, recordOf(request, checked, { now, roles }));
        return { ...decision, response: checked, remembered: request.address.path };
      },
    );
    const read: FollowUp['read'] = (address) => deps.store.read(meter).read(address);
    await definition.afterwards?.({ ...deps, read }, response);
    deps.onCost?.(name, { reads: meter.reads, writes: meter.writes });
    return response;
  }),
});

/** Undefined when there is nobody to ask for: the unit of work comes to the same, and says why. */
const askOutside = async <Input, Found>(
  deps: Adapters,
  meter: Meter,
  call: Call,
  contract: OperationContract,
  request: ReturnType<typeof requestRecordFor>,
  input: Input,
  outside: (context: OutsideContext, input: Input) => Promise<Found>,
): Promise<Found | undefined> => {
  const read = deps.store.read(meter);
  await read.prefetch([revocationAt(call.identity.uid), ...(request ? [request.address] : [])]);
  await admit(read, call, contract, deps.limits);
  if (request && (await read.read(request.address))) return undefined;
  return outside({ ...deps, read }, input);
};
