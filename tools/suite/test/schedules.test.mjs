import assert from 'node:assert/strict';
import { test } from 'node:test';
import { schedulesOf } from '../schedules.mjs';

test('what the Functions emulator loaded says which schedules there are', () => {
  const loaded = {
    backends: [
      {
        functionTriggers: [
          { name: 'api', httpsTrigger: {} },
          { name: 'drills-flagOverdue', schedule: { schedule: '*/15 * * * *', timeZone: 'Europe/Berlin' } },
        ],
      },
      { functionTriggers: [{ name: 'audit-sealing', schedule: { schedule: '* * * * *', timeZone: null } }] },
    ],
  };
  assert.deepEqual(schedulesOf(loaded), [
    { name: 'drills-flagOverdue', schedule: '*/15 * * * *', timeZone: 'Europe/Berlin' },
    { name: 'audit-sealing', schedule: '* * * * *', timeZone: 'Etc/UTC' },
  ]);
});
