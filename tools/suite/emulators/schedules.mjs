import { HOST } from './ports.mjs';
import { PROJECT, REGION, addressesOf } from './suite-addresses.mjs';

const MINUTE_MS = 60_000;

/** @typedef {{ name: string, schedule: string, timeZone: string }} Scheduled */

/**
 * The emulators run no schedule, so `npm start` does what Cloud Scheduler would: the same call, as often. Which there are, and when, is what
 * the deployed functions themselves say. Each runs once at once, and then when it is due. Timers do not keep the program alive.
 *
 * @param {import('./ports.mjs').Ports} ports
 */
export async function runSchedules(ports) {
  // Imported here because it is installed after this file was loaded.
  const { Cron } = await import('croner');
  await Promise.all(
    (await schedulesIn(ports)).map(async ({ name, schedule, timeZone }) => {
      const when = { timezone: timeZone, unref: true };
      const cron = new Cron(schedule, when, () => void fire(ports, name).catch(() => sayMissed(name)));
      const first = fire(ports, name);
      if (!runsEachMinute(cron)) await first;
      // What runs again within a minute has nothing that a user would wait for; sealing takes half of it.
      else void first.catch(() => sayMissed(name));
    }),
  );
}

/**
 * @param {Pick<import('./ports.mjs').Ports, 'functions'>} ports
 * @returns {Promise<Scheduled[]>}
 */
export async function schedulesIn({ functions }) {
  const response = await fetch(`http://${HOST}:${functions}/backends`);
  return schedulesOf(await response.json());
}

/**
 * The schedules among what the Functions emulator loaded.
 *
 * @param {any} loaded of Firebase, whose word we take
 * @returns {Scheduled[]}
 */
export function schedulesOf(loaded) {
  /** @type {{ name: string, schedule?: { schedule: string, timeZone?: string | null } }[]} */
  const functions = loaded.backends.flatMap((/** @type {any} */ { functionTriggers }) => functionTriggers);
  return functions.flatMap(({ name, schedule: trigger }) =>
    trigger === undefined ? [] : [{ name, schedule: trigger.schedule, timeZone: trigger.timeZone ?? 'Etc/UTC' }],
  );
}

/** @param {import('croner').Cron} cron */
function runsEachMinute(cron) {
  const [one, two] = cron.nextRuns(2);
  return one !== undefined && two !== undefined && two.getTime() - one.getTime() <= MINUTE_MS;
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
