import { spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { exitCodeOf } from './exit-code.mjs';
import { interruption } from './interruption.mjs';

const GRACE_MS = 10_000;

/**
 * Runs a command on our terminal and resolves to its exit code as a shell would report it. Signals are for
 * the command: it may want to end in its own way.
 *
 * @param {[string, ...string[]]} command one string is a line for the shell, more are a program and its arguments
 * @param {{ env: NodeJS.ProcessEnv, cwd?: string, endWhen?: Promise<unknown> | undefined }} options
 * @returns {Promise<number>}
 */
export async function runInForeground(command, { env, cwd, endWhen }) {
  const [program, ...args] = command;
  const onTerminal = process.stdin.isTTY;
  // A terminal's Ctrl-C reaches the whole foreground group; without one we signal for it, and a group
  // of its own lets the signal reach what the command started too.
  /** @type {import('node:child_process').ChildProcess} */
  const child = spawn(program, args, {
    env,
    cwd,
    stdio: 'inherit',
    shell: args.length === 0,
    detached: !onTerminal,
  });
  /** @param {NodeJS.Signals} signal */
  const send = (signal) => {
    try {
      if (child.pid !== undefined) process.kill(onTerminal ? child.pid : -child.pid, signal);
    } catch {
      // It has ended already.
    }
  };
  /** @param {NodeJS.Signals} signal */
  const endGently = async (signal) => {
    if (!(onTerminal && signal === 'SIGINT')) send(signal);
    await sleep(GRACE_MS, undefined, { ref: false });
    send('SIGKILL');
  };
  let running = true;
  const whileRunning = (/** @type {() => unknown} */ act) => () => {
    if (running) act();
  };
  void interruption().first.then((signal) => (running ? endGently(signal) : undefined));
  void interruption().second.then(whileRunning(() => send('SIGKILL')));
  void endWhen?.then(whileRunning(() => endGently('SIGTERM')));

  const exitCode = await new Promise((resolve) => {
    child.once('error', (error) => {
      console.error(`muster: ${program} could not be run (${error.message}).`);
      resolve(127);
    });
    child.once('exit', (code, signal) => resolve(exitCodeOf(code, signal)));
  });
  running = false;
  return exitCode;
}
