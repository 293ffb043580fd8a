/** Operations that answer, and change nothing. */
import type * as z from 'zod';
import type { DeploymentEnvironment } from '../contract/chaos';
import { operations, type OperationContract, type OperationName } from '../contract/operations';
import type { Role } from '../contract/staff';
import { Meter, type Budget } from '../../../guard/src/meter';
import { revocationAt } from '../../../guard/src/revocation';
import type { Work } from '../../../guard/src/work';
import { effectiveRoles, refuseEndedSession, refuseOthers, type Identity } from './actor';
import { counting } from './counted-refusals';
import { parsed, type Limits, type Operation } from './operation';

/** What an answer may be made of: nothing here can write. */
export interface ReadContext {
  work: Pick<Work, 'prefetch' | 'read' | 'find' | 'count'>;
  now: Date;
  roles: readonly Role[];
  identity: Identity;
  environment: DeploymentEnvironment;
  limits: Limits;
}

export interface ReadDefinition<Contract extends OperationContract> {
  recordsMissingRole?: boolean;
  cost: Budget;
  answer: (context: ReadContext, input: z.output<Contract['request']>) => Promise<z.input<Contract['response']>>;
}

/** A read that is deployed: it has no way to write. */
export const defineRead = <Name extends OperationName>(
  name: Name,
  definition: ReadDefinition<(typeof operations)[Name]>,
): Operation<(typeof operations)[Name]> => defineReadOf(name, operations[name], definition);

/** The same for a contract that is not a callable of its own (the HTTP API has two). */
export const defineReadOf = <Contract extends OperationContract>(
  name: string,
  contract: Contract,
  definition: ReadDefinition<Contract>,
): Operation<Contract> => ({
  name,
  contract,
  cost: definition.cost,
  run: counting(name, definition, async (deps, call, raw) => {
    const meter = new Meter();
    refuseOthers(effectiveRoles(call.identity, undefined), contract.who);
    const input = parsed<Contract['request']>(contract.request, raw);
    const work = deps.store.read(meter);
    const revoked = await work.read(revocationAt(call.identity.uid));
    refuseEndedSession(call.identity, revoked);
    const roles = effectiveRoles(call.identity, revoked);
    refuseOthers(roles, contract.who);
    const answer = await definition.answer(
      { work, now: deps.clock(), roles, identity: call.identity, environment: deps.environment, limits: deps.limits },
      input,
    );
    const response = contract.response.parse(answer) as z.output<Contract['response']>;
    deps.onCost?.(name, { reads: meter.reads, writes: meter.writes });
    return response;
  }),
});
