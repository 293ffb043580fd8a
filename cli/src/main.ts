import { setTimeout as wait } from 'node:timers/promises';
import { folderTyped } from './folder-typed';
import { run } from './run';

// `muster drill list | head` ends the reader first; that is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

const INTERRUPTS = ['SIGINT', 'SIGTERM'] as const;

const main = async (): Promise<void> => {
  // Every relative path is meant from there.
  const typed = folderTyped(process.env);
  if (typed !== undefined) process.chdir(typed);
  process.exitCode = await run(
    {
      env: process.env,
      stdin: process.stdin,
      stdout: process.stdout,
      stderr: process.stderr,
      fetch,
      now: () => new Date(),
      wait: async (ms) => wait(ms),
      onInterrupt(listener) {
        for (const signal of INTERRUPTS) process.on(signal, listener);
        return () => {
          for (const signal of INTERRUPTS) process.off(signal, listener);
        };
      },
      leave: (exitCode) => process.exit(exitCode),
    },
    process.argv.slice(2),
  );
};

void main();
