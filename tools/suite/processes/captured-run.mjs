import { spawn } from 'node:child_process';
import { exitCodeOf } from './exit-code.mjs';
import { interruption, throwIfInterrupted } from './interruption.mjs';

const KEPT_CHARACTERS = 100_000;

/**
 * Runs a program to its end and keeps the end of what it printed. A signal to us ends it too, and throws.
 *
 * @param {string} program
 * @param {string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv }} [options]
 * @returns {Promise<{ exitCode: number, output: string }>}
 */
export async function runCaptured(program, args, options = {}) {
  const child = spawn(program, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  const keep = (/** @type {Buffer} */ chunk) => {
    output = (output + chunk.toString()).slice(-KEPT_CHARACTERS);
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  void interruption().first.then((signal) => child.kill(signal));
  void interruption().second.then(() => child.kill('SIGKILL'));
  /** @type {number} */
  const exitCode = await new Promise((resolve) => {
    child.once('error', () => resolve(127));
    child.once('close', (code, signal) => resolve(exitCodeOf(code, signal)));
  });
  throwIfInterrupted();
  return { exitCode, output };
}
