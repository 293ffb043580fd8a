import { startSuite } from './emulators/emulators.mjs';
import { interruption } from './processes/interruption.mjs';
import { shown } from './processes/places.mjs';
import { prepareSuite } from './building/preparation.mjs';
import { runProgram } from './processes/program.mjs';
import { Refusal } from './processes/refusal.mjs';
import { adoptExport, allowExport, dataToStartFrom, incomingFolder } from './emulators/saved-data.mjs';
import { runSchedules } from './emulators/schedules.mjs';
import { statusLine } from './emulators/status-line.mjs';
import { demoAccounts, welcome } from './emulators/welcome.mjs';

const DATA_WORDS = {
  entered: 'as it was left (`npm start -- --fresh` starts from the seed again)',
  seed: 'from the seed in emulator-data/',
  empty: 'none yet, because emulator-data/ holds no seed',
};

await runProgram(async () => {
  const fresh = wantsFresh(process.argv.slice(2), process.env);
  const site = await prepareSuite();
  const { data, log } = site.places;
  // Also finishes what a run that was killed could only export, so that nothing entered is lost.
  adoptExport(data);
  const { from, kind } = dataToStartFrom(data, { fresh });
  const suite = await startSuite(site, { importFrom: from, exportTo: incomingFolder(data) });

  allowExport(data);
  const status = await runSchedules(site.ports)
    .then(() => statusLine(site.ports))
    .catch(() => `What is overdue or restricted could not be read: ${shown(log)} says why.`);
  console.log(welcome({ ...site, status, startedFrom: DATA_WORDS[kind], log: shown(log), accounts: demoAccounts() }));

  await Promise.race([interruption().first, suite.died]);
  const endedByItself = interruption().received === undefined;
  if (!endedByItself) console.error('\nStopping, and keeping what was entered (Ctrl-C again: stop at once) …');
  await suite.stop();
  const kept = adoptExport(data);
  if (endedByItself) {
    throw new Refusal(`the emulator suite ended by itself: the end of ${shown(log)} says why.`);
  }
  if (!kept) {
    throw new Refusal(
      `what was entered could not be kept, and ${shown(data)} is as it was before: the end of ${shown(log)} says why.`,
    );
  }
  console.error(`Stopped. What was entered is in ${shown(data)}.`);
});

/**
 * @param {string[]} args
 * @param {NodeJS.ProcessEnv} env
 */
function wantsFresh(args, env) {
  const unknown = args.filter((arg) => arg !== '--fresh');
  if (unknown.length > 0) {
    throw new Refusal(`npm start does not know ${unknown.join(' ')}: it takes nothing, or -- --fresh.`, {
      exitCode: 2,
    });
  }
  // Without the two dashes npm keeps the option to itself, and hands it on like this.
  return args.length > 0 || env.npm_config_fresh === 'true';
}
