import { constants } from 'node:os';
import { whenCallerIsGone } from './caller.mjs';
import { Refusal } from './refusal.mjs';

const SIGNALS = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT']);

/**
 * One Ctrl-C arrives twice: from the terminal, which signals its whole foreground group, and from npm,
 * which passes on what it received. Within this time they are the same one; nobody types that fast.
 */
const SAME_INTERRUPTION_MS = 400;

/**
 * What the user wants when signals come: the first asks for an orderly end, the second for an immediate
 * one, a third does not ask any more.
 *
 * @typedef {object} Interruption
 * @property {Promise<NodeJS.Signals>} first
 * @property {Promise<NodeJS.Signals>} second
 * @property {NodeJS.Signals | undefined} received
 */

/** @type {Interruption | undefined} */
let installed;

/** Signals belong to the process, so there is one of these; it takes over from the first call on. */
export function interruption() {
  installed ??= listen();
  return installed;
}

/** @param {NodeJS.Signals} signal */
export function interrupted(signal) {
  return new Refusal('interrupted.', { exitCode: 128 + constants.signals[signal] });
}

export function throwIfInterrupted() {
  if (installed?.received !== undefined) throw interrupted(installed.received);
}

/** @returns {Interruption} */
function listen() {
  /** @type {(signal: NodeJS.Signals) => void} */
  let settleFirst = () => {};
  /** @type {(signal: NodeJS.Signals) => void} */
  let settleSecond = () => {};
  const first = new Promise((resolve) => (settleFirst = resolve));
  const second = new Promise((resolve) => (settleSecond = resolve));
  /** @type {Interruption} */
  const state = { first, second, received: undefined };
  let count = 0;
  let lastAt = -Infinity;
  whenCallerIsGone(() => {
    if (state.received === undefined) process.emit('SIGTERM', 'SIGTERM');
  });
  for (const signal of SIGNALS) {
    process.on(signal, () => {
      const now = performance.now();
      const sameAsBefore = now - lastAt < SAME_INTERRUPTION_MS;
      lastAt = now;
      if (sameAsBefore) return;
      state.received ??= signal;
      count += 1;
      if (count === 1) settleFirst(signal);
      else if (count === 2) settleSecond(signal);
      else process.exit(128 + constants.signals[signal]);
    });
  }
  return state;
}
