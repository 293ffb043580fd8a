/** The other end of `writer-process.mjs`. */
import { fork } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

type Message = { evaluationMicroseconds: number } | { allowed: boolean };

export interface Writer {
  /** Resolves when the worker was last told what is asked for: at once if it was already. */
  told(allowed: boolean, withinMs: number): Promise<void>;
  /** Cost of asking the gate, measured when the worker started; known once it was told anything. */
  evaluationMicroseconds(): number;
  stop(): Promise<void>;
}

export interface WriterOptions {
  /** A module that exports `open`, from the root of the repository. */
  gate: string;
  collection: string;
  /** Writes per second that are aimed at. */
  rate: number;
  env: Record<string, string>;
}

export const startWriter = ({ gate, collection, rate, env }: WriterOptions, root = process.cwd()): Writer => {
  const args = [join(root, gate), collection, String(rate)];
  const child = fork(join(root, 'tools/bench/gates/writer-process.mjs'), args, { env: { ...process.env, ...env } });
  const ended = new Promise<void>((resolve) => void child.once('exit', () => resolve()));
  let cost = Number.NaN;
  let answer: boolean | undefined;
  let notify = (): void => {};
  child.on('message', (message: Message) => {
    if ('allowed' in message) answer = message.allowed;
    else cost = message.evaluationMicroseconds;
    notify();
  });
  return {
    told: async (allowed, withinMs) => {
      const limit = new AbortController();
      const reached = new Promise<void>((resolve) => {
        notify = () => void (answer === allowed && resolve());
        notify();
      });
      const failed = async (why: Promise<unknown>, says: string): Promise<never> => {
        await why;
        throw new Error(says);
      };
      await Promise.race([
        reached,
        failed(ended, `the worker with ${gate} ended`),
        failed(
          sleep(withinMs, undefined, { signal: limit.signal }),
          `the worker was not ${allowed ? 'allowed' : 'denied'} within ${withinMs} ms`,
        ),
      ]).finally(() => limit.abort());
    },
    evaluationMicroseconds: () => cost,
    stop: async () => {
      child.kill('SIGKILL');
      await ended;
    },
  };
};
