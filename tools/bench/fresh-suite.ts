/** What a suite costs that was just started: first calls, at the door and by name, and what runs after the README's commands. */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { operationUrl, sendCall } from '@muster/client/callable-protocol';
import type { OperationName } from '@muster/contract';
import { suiteSize } from './suite-processes';
import type { Figure } from './switchboard';

const run = promisify(execFile);

/** Ten that read, so that the second round of them finds the suite as the first did. */
const TEN: readonly OperationName[] = [
  'policy-get',
  'policy-ledger',
  'drills-list',
  'audit-query',
  'audit-head',
  'connectors-list',
  'connectors-health',
  'exemptions-list',
  'proposals-list',
  'posture-get',
];
const MOST_PROCESSES = 12;
const MOST_BYTES = 1.8 * 2 ** 30;
const AT_MOST_OF_NAMED = 1 / 3;

/** To be asked first, while no function has been called. */
export const freshSuite = async (token: string, functionsUrl: string): Promise<Figure[]> => {
  const atDoor = await firstCalls(token, { functionsUrl });
  await schedules(functionsUrl);
  await readme();
  const size = suiteSize();
  const byName = await firstCalls(token, { functionsUrl, namedCallables: true });
  const ratio = atDoor / byName;
  return [
    {
      name: 'first call of ten operations on a fresh suite, one after the other: at the door / by their names',
      value: `${seconds(atDoor)} / ${seconds(byName)}: ${ratio.toFixed(2)}`,
      met: ratio <= AT_MOST_OF_NAMED,
    },
    ...(size === undefined
      ? []
      : [
          {
            name: `processes of a suite after the commands of the README (goal ≤ ${MOST_PROCESSES})`,
            value: String(size.processes),
            met: size.processes <= MOST_PROCESSES,
          },
          {
            name: 'and their resident memory (goal ≤ 1.80 GB)',
            value: `${(size.bytes / 2 ** 30).toFixed(2)} GB`,
            met: size.bytes <= MOST_BYTES,
          },
        ]),
  ];
};

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;

const firstCalls = async (
  token: string,
  place: { functionsUrl: string; namedCallables?: boolean },
): Promise<number> => {
  const began = performance.now();
  for (const name of TEN) {
    const { status } = await sendCall(fetch, place, name, {
      data: {},
      authorization: `Bearer ${token}`,
      deadlineMs: 60_000,
    });
    if (status !== 200) throw new Error(`${operationUrl(place, name)} answered ${status}`);
  }
  return performance.now() - began;
};

/** `npm start` runs every schedule once, each in a process of its own. */
const schedules = async (functionsUrl: string): Promise<void> => {
  const { origin, pathname } = new URL(functionsUrl);
  const { backends } = (await (await fetch(`${origin}/backends`)).json()) as Backends;
  // Each codebase lists the triggers of all.
  const ids = new Set(
    backends.flatMap(({ functionTriggers }) =>
      functionTriggers.filter(({ schedule }) => schedule !== undefined).map(({ id }) => id),
    ),
  );
  for (const id of ids) {
    const url = `${origin}/functions/projects/${pathname.split('/')[1]}/triggers/${id}-0`;
    const headers = {
      'content-type': 'application/json',
      'x-cloudscheduler-scheduletime': new Date().toISOString(),
      'x-cloudscheduler-jobname': id,
    };
    const { ok, status } = await fetch(url, { method: 'POST', headers, body: '{}' });
    if (!ok) throw new Error(`${id} answered ${status}`);
  }
  if (ids.size === 0) throw new Error('the functions emulator names no schedule');
};
interface Backends {
  backends: { functionTriggers: { id: string; schedule?: unknown }[] }[];
}

/** "A first drill", command by command; where the README says that one is refused, it must be. */
const readme = async (): Promise<void> => {
  const config = mkdtempSync(join(tmpdir(), 'muster-bench-'));
  const muster = async (...args: string[]): Promise<string> => {
    const env = { ...process.env, XDG_CONFIG_HOME: config, CHAOS_MODE: 'true' };
    return (await run(process.execPath, ['cli/bin/muster.mjs', ...args], { env })).stdout;
  };
  try {
    await muster('login', '--emulator', '--as', 'staff');
    const started = await muster('drill', 'start', '--scenario', 'token-compromise');
    const drill = /drl_\w+/u.exec(started)?.[0] ?? '';
    await muster('drill', 'event', drill, 'detected', '--note', 'the alert fired');
    await muster('drill', 'complete', drill, '--outcome', 'success');
    await muster('drill', 'show', drill);
    await muster('policy', 'kill', 'muster.drills', '--reason', 'bad automation starts drills');
    const refused = await muster('drill', 'start', '--scenario', 'connector-outage').then(
      () => false,
      () => true,
    );
    if (!refused) throw new Error('a drill was started although that was killed');
    await muster('policy', 'restore', 'muster.drills', '--reason', 'the automation is fixed');
    await muster('policy', 'ledger');
    await muster('audit', '--action-prefix', 'capability.');
    await muster('chaos', 'run', 'kill-switch');
    await muster('posture');
  } finally {
    rmSync(config, { recursive: true, force: true });
  }
};
