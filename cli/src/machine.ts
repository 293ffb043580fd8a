import type { ReadStream } from 'node:tty';

/** All that the program takes from the machine it runs on; nothing else asks for it. */
export interface Machine {
  env: Readonly<Record<string, string | undefined>>;
  stdin: NodeJS.ReadStream | ReadStream;
  stdout: NodeJS.WriteStream;
  stderr: NodeJS.WriteStream;
  fetch: typeof fetch;
  now: () => Date;
  wait: (ms: number) => Promise<void>;
  /** Ctrl-C, or that the program shall end; while nobody listens it ends at once. Gives what ends the listening. */
  onInterrupt: (listener: () => void) => () => void;
  /** Ends the program, whatever it is at. */
  leave: (exitCode: number) => void;
}
