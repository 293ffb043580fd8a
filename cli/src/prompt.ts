import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { EXIT } from './exit-codes';
import { badUsage } from '@muster/client/failure';
import type { Machine } from './machine';

type Terminal = Pick<Machine, 'stdin' | 'stderr'>;

/** Asks on stderr, so that stdout carries answers alone. */
export const askLine = (terminal: Terminal, question: string, otherwise: string): Promise<string> =>
  ask(terminal, question, otherwise, true);

/** The same, and what is typed is not shown. */
export const askSecret = (terminal: Terminal, question: string, otherwise: string): Promise<string> =>
  ask(terminal, question, otherwise, false);

const ask = async (
  { stdin, stderr }: Terminal,
  question: string,
  otherwise: string,
  shown: boolean,
): Promise<string> => {
  if (!stdin.isTTY || !stderr.isTTY) throw badUsage(`Nobody is here to be asked (${question.trim()})`, otherwise);
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  stderr.write(question);
  const lines = createInterface({ input: stdin, output: shown ? stderr : silent, terminal: true, prompt: '' });
  try {
    return await new Promise<string>((resolve, reject) => {
      lines.once('line', resolve);
      // In raw mode the terminal raises no signal: readline hands the key on.
      lines.once('SIGINT', () => reject(new Interrupted()));
      lines.once('close', () => reject(new Interrupted()));
    });
  } finally {
    lines.close();
    if (!shown) stderr.write('\n');
  }
};

/** Someone pressed Ctrl-C, or the input ended. */
export class Interrupted extends Error {
  readonly exitCode = EXIT.interrupted;
}
