import { PROJECT, REGION, addressesOf } from './suite-addresses.mjs';

const MINUTE_MS = 60_000;

/** The emulators run no schedule, so `npm start` does what Cloud Scheduler would: the same call, as often. */
const SCHEDULES = [
  { name: 'drills-flagOverdue', everyMs: 15 * MINUTE_MS },
  { name: 'policy-expire', everyMs: 5 * MINUTE_MS },
  { name: 'chaos-rollback', everyMs: MINUTE_MS },
  { name: 'connectors-tend', everyMs: MINUTE_MS },
  { name: 'posture-canary', everyMs: 60 * MINUTE_MS },
  { name: 'audit-retention', everyMs: 24 * 60 * MINUTE_MS },
  // It takes half a minute, for which nobody has to wait.
  { name: 'audit-sealing', everyMs: MINUTE_MS, atOnce: true },
];

/**
 * Runs every schedule once, and then as often as it is due. Timers do not keep the program alive.
 *
 * @param {import('./ports.mjs').Ports} ports
 */
export async function runSchedules(ports) {
  for (const { name, everyMs, atOnce } of SCHEDULES) {
    const fired = fire(ports, name);
    if (atOnce) void fired.catch(() => sayMissed(name));
    else await fired;
    setInterval(() => void fire(ports, name).catch(() => sayMissed(name)), everyMs).unref();
  }
}

/** @param {string} name */
function sayMissed(name) {
  console.error(`The schedule ${name} could not be run this time: the log says why.`);
}

/**
 * @param {import('./ports.mjs').Ports} ports
 * @param {string} name
 */
async function fire(ports, name) {
  const url = `${addressesOf(ports).functionsOrigin}/functions/projects/${PROJECT}/triggers/${REGION}-${name}-0`;
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'X-CloudScheduler-ScheduleTime': new Date().toISOString(),
      'X-CloudScheduler-JobName': name,
    },
    body: '{}',
  });
  await response.arrayBuffer();
  if (!response.ok) throw new Error(`${name} answered ${response.status}`);
}
