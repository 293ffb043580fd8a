/** A run of `muster chaos run` in a process of its own that is interrupted at one step, exactly there. */
import { spawn } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { ProgressEvent } from '@muster/chaos';
import type { OperationName } from '@muster/contract';
import type { Deployed, Person } from '../desk/deployed-backend';
import { BIN } from '../desk/muster';
import { stoppingLine } from '../desk/stopping-line';

export type Interruption = 'Ctrl-C' | 'Ctrl-C twice' | 'kill -9' | 'lost network';

/** A step: what was told last when it happens, by the beginning of its name. */
export interface Step {
  experiment: string;
  phase: ProgressEvent['phase'];
  state: ProgressEvent['state'];
  name: string;
  /** At the first call of this operation, if named, and not at whatever is asked first. */
  call?: OperationName;
}

/** Who runs it, and against which backend. */
export interface Runner extends Person {
  projectId: string;
  backend: Pick<Deployed, 'url'>;
}

export interface Interrupted {
  exitCode: number | null;
  signal: NodeJS.Signals | null;
  /** Everything on stderr, which has progress as JSON and sentences for people. */
  told: string;
  /** Carries out what was on its way when its sender was killed, and waits for all that the run had asked for. */
  arrive(): Promise<void>;
}

/**
 * The writers of an experiment write as fast as they are answered, and a few runs of that take the whole machine. Here it counts what
 * a run leaves, and not how much was tried: they get some twenty writes a second, and of those that wait some are always on their way.
 */
const WRITES_APART_MS = 50;

const pacing = () => {
  let free = 0;
  return async (path: string): Promise<void> => {
    if (!path.endsWith('/chaos-write') && !path.endsWith(':commit')) return;
    const turn = Math.max(Date.now(), free);
    free = turn + WRITES_APART_MS;
    await wait(turn - Date.now());
  };
};

/**
 * What the child tells goes to a file, synchronously, and each of its requests is held until that file was read: so it is
 * known of the first request after a step that it is the first, and nothing is slept for or outrun.
 */
export const interruptedRun = async (step: Step, how: Interruption, runner: Runner): Promise<Interrupted> => {
  const folder = mkdtempSync(join(tmpdir(), 'muster-interrupted-'));
  const stderr = join(folder, 'stderr');
  const output = openSync(stderr, 'w');
  let happened = false;
  let isLost = false;
  let release = (): void => {};
  const released = new Promise<void>((resolve) => (release = resolve));

  const interrupt = (): void => {
    if (how === 'kill -9') child.kill('SIGKILL');
    if (how.startsWith('Ctrl-C')) child.kill('SIGINT');
    if (how === 'lost network') for (const line of lines) line.cut();
  };
  const paced = pacing();
  /** The request at which it happens is carried out, and its answer lost, where one can be: the worst of what may be. */
  const asked = async (path: string): Promise<boolean> => {
    await paced(path);
    const told = readFileSync(stderr, 'utf8');
    if (happened && how === 'Ctrl-C twice') {
      if (told.includes('Ctrl-C once more')) child.kill('SIGINT');
      return false;
    }
    const isIt = step.call === undefined || path.endsWith(`/${step.call}`);
    if (!happened && isIt && eventsIn(told).some((event) => isAt(event, step))) {
      happened = true;
      interrupt();
    } else if (isLost) {
      return false;
    }
    isLost = happened && how === 'lost network';
    if (happened && how === 'kill -9') await released;
    return true;
  };
  const lines = await Promise.all([
    stoppingLine(runner.backend.url, asked),
    stoppingLine(`http://${process.env['FIRESTORE_EMULATOR_HOST']}`, asked),
  ]);
  const [functions, firestore] = lines.map(({ host }) => host);
  const child = spawn(
    process.execPath,
    [BIN, 'chaos', 'run', step.experiment, '--json', '--journal', join(folder, 'journal.json')],
    {
      env: {
        ...process.env,
        CHAOS_MODE: 'true',
        XDG_CONFIG_HOME: folder,
        MUSTER_PROJECT: runner.projectId,
        MUSTER_ID_TOKEN: runner.token,
        MUSTER_FUNCTIONS_URL: `http://${functions}`,
        FIRESTORE_EMULATOR_HOST: firestore,
      },
      stdio: ['ignore', 'ignore', output],
    },
  );
  closeSync(output);
  const [exitCode, signal] = await new Promise<[number | null, NodeJS.Signals | null]>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (...ended) => resolve(ended));
  });
  const arrive = async (): Promise<void> => {
    release();
    await Promise.all(lines.map((line) => line.close()));
  };
  const told = readFileSync(stderr, 'utf8');
  if (!happened) {
    await arrive();
    throw new Error(`${step.experiment} never came to ${step.phase} ${step.name}: ${told.slice(-2000)}`);
  }
  return { exitCode, signal, told, arrive };
};

const isAt = (event: ProgressEvent, { phase, state, name }: Step): boolean =>
  event.phase === phase && event.state === state && event.name.startsWith(name);

/** Whole lines alone. */
const eventsIn = (told: string): ProgressEvent[] =>
  told
    .slice(0, told.lastIndexOf('\n') + 1)
    .split('\n')
    .filter((line) => line.startsWith('{"at":'))
    .map((line) => JSON.parse(line) as ProgressEvent);
