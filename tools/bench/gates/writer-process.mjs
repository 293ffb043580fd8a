// A worker of its own that asks a gate and, when it is allowed to, writes: at a fixed pace, one at a time.
// The gate is a module that is named on the command line, so that different ones run under the same loop.
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';

/**
 * @typedef {object} Gate
 * @property {() => boolean} allowed asked before each write, and measured alone
 * @property {() => Promise<unknown>} write resolves when it is stored
 * @property {() => Promise<void>} close
 *
 * @callback OpenGate
 * @param {string} collection that `write` writes to
 * @returns {Promise<Gate>} ready: its first answer is not one for want of data
 */

const BATCHES = 50;
const CALLS_PER_BATCH = 2_000;

const [module = '', collection = '', rate = '100'] = process.argv.slice(2);
process.env.METADATA_SERVER_DETECTION ??= 'none';
process.on('disconnect', () => process.exit());

/** @type {{ open: OpenGate }} */
const { open } = await import(pathToFileURL(module).href);
const gate = await open(collection);
process.send?.({ evaluationMicroseconds: evaluationMicroseconds(gate) });
await writeAtPace(gate, 1_000 / Number(rate));

/**
 * Tells its parent whenever the answer changes. What was written before it told so is stored, because
 * there is one write at a time.
 *
 * @param {Gate} asked
 * @param {number} pauseMs
 */
async function writeAtPace({ allowed, write }, pauseMs) {
  /** @type {boolean | undefined} */
  let before;
  for (let due = performance.now(); ; due = Math.max(due + pauseMs, performance.now())) {
    await sleep(due - performance.now());
    const answer = allowed();
    if (answer !== before) process.send?.({ allowed: answer });
    before = answer;
    if (answer) await write();
  }
}

/**
 * The median of batches, each long enough for the clock, after as many that are not counted.
 *
 * @param {Gate} asked
 */
function evaluationMicroseconds({ allowed }) {
  const batches = Array.from({ length: 2 * BATCHES }, () => {
    const began = performance.now();
    for (let call = 0; call < CALLS_PER_BATCH; call += 1) allowed();
    return ((performance.now() - began) / CALLS_PER_BATCH) * 1_000;
  });
  return batches.slice(BATCHES).toSorted((a, b) => a - b)[BATCHES / 2];
}
