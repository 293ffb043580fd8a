/** What each operation declares that it reads and writes; tests assert it on the emulator. */
import * as acting from '../functions/src/features/actions';
import * as auditing from '../functions/src/features/audit';
import * as chaos from '../functions/src/features/chaos';
import * as delegating from '../functions/src/features/delegations';
import * as drilling from '../functions/src/features/drills';
import * as posture from '../functions/src/features/posture';
import * as sessions from '../functions/src/features/sessions';
import * as staffing from '../functions/src/features/staff';
import * as switching from '../functions/src/features/switches';
import type { Budget } from '../guard/src/meter';

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
