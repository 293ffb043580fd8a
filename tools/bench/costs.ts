/** What each operation declares that it reads and writes; tests assert it on the emulator. */
import * as acting from '@muster/functions/features/proposals/index';
import * as auditing from '@muster/functions/features/audit/index';
import * as chaos from '@muster/functions/features/chaos/index';
import * as delegating from '@muster/functions/features/delegations/index';
import * as drilling from '@muster/functions/features/drills/index';
import * as posture from '@muster/functions/features/posture/index';
import * as sessions from '@muster/functions/features/sessions/index';
import * as staffing from '@muster/functions/features/staff/index';
import * as switching from '@muster/functions/features/policy/index';
import type { Budget } from '@muster/core/meter';

const declared = (feature: object): { name: string; cost: Budget }[] =>
  Object.values(feature).filter(
    (member): member is { name: string; cost: Budget } =>
      typeof member === 'object' && member !== null && 'cost' in member,
  );

const FEATURES = [drilling, switching, delegating, acting, chaos, posture, auditing, sessions, staffing];

export const costTable = (): string[] => [
  `${'operation'.padEnd(26)} ${'reads'.padStart(14)} ${'writes'.padStart(14)}`,
  ...FEATURES.flatMap(declared).map(({ name, cost }) => {
    const reads = cost.readsPerRow ? `${cost.reads} + rows` : String(cost.reads);
    const writes = cost.writesPerRow ? `${cost.writes} + ${cost.writesPerRow}/row` : String(cost.writes);
    return `${name.padEnd(26)} ${reads.padStart(14)} ${writes.padStart(14)}`;
  }),
  'A requestId adds one read and one write. Rows: those asked for (limit) or newly found.',
];
