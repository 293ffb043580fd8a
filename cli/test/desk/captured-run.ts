/** The command line within the test: all of the program but its process, with what it writes captured. */
import { Readable } from 'node:stream';
import type { Machine } from '../../src/machine';
import { run } from '../../src/run';

export interface Ran {
  exitCode: number | null;
  stdout: string;
  stderr: string;
}

/** What a stream is like; a terminal has a width. */
export interface Screen {
  isTTY: boolean;
  columns?: number;
}

const NO_SCREEN: Screen = { isTTY: false };

/** Runs one line on this machine: its environment, its clock, its patience. */
export const capturedRun = async (
  args: readonly string[],
  machine: Pick<Machine, 'env' | 'now' | 'wait'>,
  screen: Screen = NO_SCREEN,
): Promise<Ran> => {
  const ran: Ran = { exitCode: null, stdout: '', stderr: '' };
  const stream = (name: 'stdout' | 'stderr') =>
    ({ ...screen, write: (text: string) => ((ran[name] += text), true) }) as unknown as NodeJS.WriteStream;
  const whole: Machine = {
    ...machine,
    stdin: Readable.from([]) as unknown as NodeJS.ReadStream,
    stdout: stream('stdout'),
    stderr: stream('stderr'),
    fetch,
    onInterrupt: () => () => {},
    leave: (exitCode) => {
      throw new Error(`it would have left with ${exitCode}: run it in a process of its own`);
    },
  };
  ran.exitCode = await run(whole, args);
  return ran;
};
