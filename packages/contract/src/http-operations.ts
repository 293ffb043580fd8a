/** Operations that only the HTTP API has, in the words of existing clients; all others are callables too. */
import * as z from 'zod';
import { readTile } from './audit/witness';
import { listDrillRows, recordDrillStatus } from './drills';
import { operations, type OperationContract } from './operations';
import { repeated, withRepeated } from './repeated';
import { enterDegraded, exitDegraded, recordDegraded, setKillSwitch } from './policy';

export const httpOperations = withRepeated({
  'ops-recordDrillStatus': {
    summary: 'Record a status of a drill by its scenario.',
    who: 'staff',
    ...recordDrillStatus,
  },
  'ops-listDrillRows': {
    summary: 'Recorded statuses of drills, newest first.',
    who: 'staff-or-auditor',
    ...listDrillRows,
  },
  'ops-recordDegraded': {
    summary: 'Enter or end a degraded mode.',
    who: 'staff',
    request: recordDegraded,
    response: z.union([enterDegraded.response.extend(repeated), exitDegraded.response.extend(repeated)]),
  },
  'capabilities-setKillSwitch': { summary: 'Kill or restore everything.', who: 'staff', ...setKillSwitch },
  'audit-log-tile': { summary: 'Hashes of the audit log.', who: 'staff-or-auditor', ...readTile },
} as const satisfies Record<string, OperationContract>);

/** Everything that can be called, by whichever way. */
export const everyOperation = { ...operations, ...httpOperations } as const;
export type AnyOperationName = keyof typeof everyOperation;
export type ContractOf<Name extends AnyOperationName> = (typeof everyOperation)[Name];
