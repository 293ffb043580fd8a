/** Operations that answer, and change nothing. */
import type * as z from 'zod';
import { everyOperation, type AnyOperationName, type ContractOf } from '@muster/contract/http-operations';
import type { OperationContract } from '@muster/contract/operations';
import type { Role } from '@muster/contract/staff';
import { Meter, type Budget } from '@muster/core/meter';
import type { Work } from '@muster/core/storage/work';
import type { Identity } from './actor';
import type { Adapters } from './adapters';
import { isBudgeted, spendRead } from './account-budget';
import { admit, admitByToken } from './admission';
import { counting } from './count-refusals';
import { parsed, type Operation } from './operation';

/** What an answer may be made of: nothing here can write. */
export interface ReadContext extends Pick<Adapters, 'environment' | 'limits' | 'directory'> {
  work: Pick<Work, 'prefetch' | 'read' | 'find' | 'count'>;
  now: Date;
  roles: readonly Role[];
  identity: Identity;
}

export interface ReadDefinition<Contract extends OperationContract> {
  cost: Budget;
  answer: (context: ReadContext, input: z.output<Contract['request']>) => Promise<z.input<Contract['response']>>;
}

/** A read, bound to its contract by name: it has no way to write. */
export const defineRead = <Name extends AnyOperationName>(
  name: Name,
  definition: ReadDefinition<ContractOf<Name>>,
): Operation<ContractOf<Name>> => bound(name, everyOperation[name], definition);

const bound = <Contract extends OperationContract>(
  name: string,
  contract: Contract,
  definition: ReadDefinition<Contract>,
): Operation<Contract> => ({
  name,
  contract,
  cost: definition.cost,
  run: counting(name, {}, async (deps, call, raw) => {
    const meter = new Meter();
    admitByToken(call.identity, contract.who);
    const input = parsed<Contract['request']>(contract.request, raw);
    const work = deps.store.read(meter);
    const roles = await admit(work, call, contract, deps.limits);
    if (isBudgeted(contract)) spendRead(deps.perInstance, { uid: call.identity.uid, roles }, deps.clock());
    const answer = await definition.answer({ ...deps, work, now: deps.clock(), roles, identity: call.identity }, input);
    const response = contract.response.parse(answer) as z.output<Contract['response']>;
    deps.onCost?.(name, { reads: meter.reads, writes: meter.writes });
    return response;
  }),
});
