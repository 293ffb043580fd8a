/** Operations of several changes, between which something is done outside of every unit of work. */
import type * as z from 'zod';
import { operations, type OperationContract, type OperationName } from '@muster/contract/operations';
import { Meter, type Budget } from '@muster/core/meter';
import type { Work } from '@muster/core/storage/work';
import { actorOf, originOf } from './actor';
import type { Adapters } from './adapters';
import { admit, admitByToken } from './admission';
import { commitChange, type Decision } from './change';
import { counting } from './count-refusals';
import { keepLog, type KeepLog } from './keep-log';
import { parsed, type Operation } from './operation';

export interface StepsContext extends Pick<Adapters, 'clock' | 'ids' | 'courier' | 'log' | 'signer' | 'salts'> {
  /** What keeps the audit log; nothing else. */
  keepLog: KeepLog;
  /** One change with its entry; made by nobody whose session was ended meanwhile. */
  change: <T>(decide: (work: Work) => Promise<Decision<T>>) => Promise<T>;
  /** For reading alone, new each time. What is read before a change was admitted may be for nobody: nothing is sent for it. */
  read: () => Pick<Work, 'prefetch' | 'read' | 'seen'>;
}

export interface StepsDefinition<Contract extends OperationContract> {
  /** What it costs when it finds nothing to do, and what each row of its work adds. */
  cost: Budget;
  run: (context: StepsContext, input: z.output<Contract['request']>) => Promise<z.input<Contract['response']>>;
}

/** One that is deployed: bound to its contract by name. Law 1 holds for each of its changes. */
export const defineSteps = <Name extends OperationName>(
  name: Name,
  definition: StepsDefinition<(typeof operations)[Name]>,
): Operation<(typeof operations)[Name]> => bound(name, operations[name], definition);

const bound = <Contract extends OperationContract>(
  name: string,
  contract: Contract,
  definition: StepsDefinition<Contract>,
): Operation<Contract> => ({
  name,
  contract,
  cost: definition.cost,
  run: counting(name, {}, async (deps, call, raw) => {
    const meter = new Meter();
    admitByToken(call.identity, contract.who);
    const input = parsed<Contract['request']>(contract.request, raw);
    const context: StepsContext = {
      ...deps,
      keepLog: (decide) =>
        keepLog(deps.store, meter, async (work) => {
          await admit(work, call, contract, deps.limits);
          return decide(work);
        }),
      read: () => deps.store.read(meter),
      change: (decide) => {
        let actor = actorOf(call.identity, []);
        return commitChange(
          deps,
          meter,
          { actor: () => actor, correlationId: call.correlationId, now: deps.clock(), from: originOf(call) },
          async (work) => {
            actor = actorOf(call.identity, await admit(work, call, contract, deps.limits));
            return decide(work);
          },
        );
      },
    };
    const response = contract.response.parse(await definition.run(context, input)) as z.output<Contract['response']>;
    deps.onCost?.(name, { reads: meter.reads, writes: meter.writes });
    return response;
  }),
});
