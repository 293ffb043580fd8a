import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { test } from 'node:test';
import { runSchedules, schedulesOf } from '../emulators/schedules.mjs';

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

test('each is run at once, and what runs again within a minute is not waited for', async (t) => {
  const functionTriggers = [
    { name: 'drills-flagOverdue', schedule: { schedule: '*/15 * * * *', timeZone: 'Etc/UTC' } },
    { name: 'audit-sealing', schedule: { schedule: '* * * * *', timeZone: 'Etc/UTC' } },
  ];
  const fired = new Set();
  const server = createServer((request, response) => {
    if (request.url === '/backends') return response.end(JSON.stringify({ backends: [{ functionTriggers }] }));
    const [, name] = /us-central1-(.+)-0$/.exec(request.url ?? '') ?? [];
    fired.add(name);
    server.emit(`fired ${name}`);
    return name === 'audit-sealing' ? undefined : response.end();
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  t.after(() => (server.closeAllConnections(), server.close()));
  const address = server.address();
  assert.ok(typeof address === 'object' && address);
  const sealing = once(server, 'fired audit-sealing');
  // Of the suite's ports it is the only one that is asked.
  await runSchedules(/** @type {import('../emulators/ports.mjs').Ports} */ ({ functions: address.port }));
  assert.ok(fired.has('drills-flagOverdue'));
  // It never answers; that it was asked is enough.
  await sealing;
});
