/**
 * `npm run model [guard|sealer]`: has spin search every state of the models in docs/models, as designed and with each brake
 * removed. Fails where the design does not hold, and where a model without its brake does. Takes minutes, and up to 4 GB.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './processes/places.mjs';
import { runProgram } from './processes/program.mjs';
import { Refusal } from './processes/refusal.mjs';

/** @typedef {{ model: string, variant: string[], holds: boolean, live?: boolean }} Check */

/** @type {(model: string, holds: boolean, ...variants: string[]) => Check[]} */
const checks = (model, holds, ...variants) =>
  variants.map((variant) => ({ model, holds, variant: variant.split(' ').filter(Boolean) }));

/** @type {(holds: boolean, ...variants: string[]) => Check[]} */
const liveness = (holds, ...variants) =>
  checks('sealer', holds, ...variants.map((variant) => `LIVE DEATHS=1 ${variant}`)).map((one) => ({
    ...one,
    live: true,
  }));

/** What stands under "fails" must: it lacks a brake, asks for more than is promised, or says that what shall be possible is not. */
const CHECKS = [
  ...checks('guard', true, ''),
  ...checks(
    'guard',
    false,
    'NO_VERIFY',
    'VERIFY_POLICY_ALONE',
    'ONE_LOOK',
    'BLIND_STAFF',
    'EXEMPTIONS_APART',
    'REPEAT_IN_DOUBT',
    'LOCKS',
  ),
  ...checks('guard', false, 'EXPIRY_TO_THE_TICK', 'EXPIRY_AT_COMMIT', 'NEVER_AFTER_RESTORE', 'NEVER_EXEMPTED'),
  ...checks('sealer', true, '', 'NO_ENTRIES', 'NO_CHECKPOINT'),
  ...checks('sealer', false, 'NO_HEAD', 'NO_HEAD NO_ENTRIES', 'NO_HEAD NO_CHECKPOINT', 'NEVER_ALL'),
  ...liveness(true, ''),
  ...liveness(false, 'TWO_COMMITS', 'CURSOR'),
];

/** @type {(program: string, args: string[], cwd: string) => string} */
const run = (program, args, cwd) => execFileSync(program, args, { cwd, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });

const needTools = () => {
  try {
    run('spin', ['-V'], ROOT);
    run('gcc', ['--version'], ROOT);
  } catch {
    throw new Refusal('The models are checked by spin, which needs gcc. On Debian: apt-get install spin gcc');
  }
};

/** What spin's verifier says of one variant: how many states, and the first thing that is wrong. @type {(check: Check) => { states: string, wrong: string | undefined }} */
const searched = ({ model, variant, live }) => {
  const folder = join(ROOT, '.muster', 'model', [model, ...variant].join('-'));
  mkdirSync(folder, { recursive: true });
  run('spin', [...variant.map((one) => `-D${one}`), '-a', join(ROOT, 'docs/models', `${model}.pml`)], folder);
  run('gcc', ['-w', '-O2', '-DCOLLAPSE', ...(live ? ['-DNFAIR=3'] : ['-DSAFETY']), '-o', 'pan', 'pan.c'], folder);
  const said = run('./pan', ['-m1000000', '-n', '-w25', ...(live ? ['-a', '-f'] : [])], folder);
  const states = /(\d\S*) states, stored/u.exec(said)?.[1];
  const errors = /errors: (\d+)/u.exec(said)?.[1];
  const wrong = /^pan:1: (.*)$/mu.exec(said)?.[1];
  const isWhole = !said.includes('Search not completed') && !said.includes('max search depth too small');
  // Only a search that went through everything says that a model holds.
  if (states === undefined || errors === undefined || (errors === '0' && !isWhole) || (errors !== '0' && !wrong))
    throw new Error(`spin did not finish ${model} ${variant.join(' ')}:\n${said.slice(-2000)}`);
  return { states: String(Number(states)), wrong };
};

await runProgram(async () => {
  needTools();
  const asked = process.argv[2];
  const chosen = CHECKS.filter(({ model }) => asked === undefined || model === asked);
  if (chosen.length === 0) throw new Refusal(`There is no model ${asked}: guard or sealer.`);
  let surprises = 0;
  for (const check of chosen) {
    const began = performance.now();
    const { states, wrong } = searched(check);
    const isExpected = (wrong === undefined) === check.holds;
    if (!isExpected) surprises += 1;
    const name = `${check.model} ${check.variant.join(' ') || 'as designed'}`;
    const verdict = wrong === undefined ? 'holds' : `fails: ${wrong}`;
    const seconds = Math.round((performance.now() - began) / 1000);
    console.log(`${isExpected ? 'as expected' : 'NOT EXPECTED'}  ${name}  ${states} states, ${seconds} s  ${verdict}`);
  }
  if (surprises > 0)
    throw new Refusal(
      `${surprises} of ${chosen.length} are not as expected. docs/models/README.md says how to see a counterexample.`,
    );
});
