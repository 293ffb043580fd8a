import { interruption } from './interruption.mjs';
import { Refusal } from './refusal.mjs';

/**
 * Runs the main function of a command and ends the process with the code that it returns.
 *
 * @param {() => Promise<number | void>} main
 */
export async function runProgram(main) {
  interruption();
  // A closed terminal or a finished `| head` must not cut a shutdown short.
  process.stdout.on('error', () => {});
  process.stderr.on('error', () => {});
  try {
    process.exitCode = (await main()) ?? 0;
  } catch (error) {
    const foreseen = error instanceof Refusal;
    console.error(foreseen ? `muster: ${error.message}` : error);
    process.exitCode = foreseen ? error.exitCode : 1;
  }
  // Whatever still listens somewhere must not keep a finished command alive.
  process.stdout.write('', () => process.stderr.write('', () => process.exit()));
}
