/** Operations of several changes, between which something is done outside of every unit of work. */
import type * as z from 'zod';
import type { Role } from '../contract/staff';
import { operations, type Caller, type OperationContract, type OperationName } from '../contract/operations';
import type { Clock } from '../../../guard/src/clock';
import type { Salts } from '../../../guard/src/append-entry';
import type { Ids } from '../../../guard/src/ids';
import type { Log } from '../../../guard/src/log';
import { Meter, type Budget } from '../../../guard/src/meter';
import { revocationAt } from '../../../guard/src/revocation';
import type { Work } from '../../../guard/src/work';
import { actorOf, effectiveRoles, originOf, refuseEndedSession, refuseOthers } from './actor';
import { commitChange, type Decision } from './change';
import type { Courier } from './courier';
import { keepLog, type KeepLog } from './keep-log';
import type { LogSigner } from './log-signer';
import { counting } from './counted-refusals';
import { parsed, type Call, type Operation } from './operation';

export interface StepsContext {
  clock: Clock;
  ids: Ids;
  courier: () => Courier;
  log: Log;
  signer: () => LogSigner;
  salts: Salts;
  /** What keeps the audit log; nothing else. */
  keepLog: KeepLog;
  /** One change with its entry; made by nobody whose session was ended meanwhile. */
  change: <T>(decide: (work: Work) => Promise<Decision<T>>) => Promise<T>;
  /** For reading alone, new each time. */
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
): Operation<(typeof operations)[Name]> => defineStepsOf(name, operations[name], definition);

const defineStepsOf = <Contract extends OperationContract>(
  name: string,
  contract: Contract,
  definition: StepsDefinition<Contract>,
): Operation<Contract> => ({
  name,
  contract,
  cost: definition.cost,
  run: counting(name, {}, async (deps, call, raw) => {
    const meter = new Meter();
    refuseOthers(effectiveRoles(call.identity, undefined), contract.who);
    const input = parsed<Contract['request']>(contract.request, raw);
    const context: StepsContext = {
      clock: deps.clock,
      ids: deps.ids,
      courier: deps.courier,
      log: deps.log,
      signer: deps.signer,
      salts: deps.salts,
      keepLog: (decide) =>
        keepLog(deps.store, meter, async (work) => {
          await refuseCaller(work, call, contract.who);
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
            actor = actorOf(call.identity, await refuseCaller(work, call, contract.who));
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

/** Refuses whose session was ended, or role was taken, meanwhile; else the roles that count. */
const refuseCaller = async (work: Work, { identity }: Call, who: Caller): Promise<Role[]> => {
  const revoked = await work.read(revocationAt(identity.uid));
  refuseEndedSession(identity, revoked);
  const roles = effectiveRoles(identity, revoked);
  refuseOthers(roles, who);
  return roles;
};
