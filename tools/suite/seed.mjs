import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { bundleSeed } from './building/bundle.mjs';
import { startSuite } from './emulators/emulators.mjs';
import { runInForeground } from './processes/foreground-command.mjs';
import { throwIfInterrupted } from './processes/interruption.mjs';
import { SEED_FOLDER, shown } from './processes/places.mjs';
import { prepareSuite } from './building/preparation.mjs';
import { runProgram } from './processes/program.mjs';
import { Refusal } from './processes/refusal.mjs';
import { adoptExport, allowExport, incomingFolder, isCompleteExport } from './emulators/saved-data.mjs';
import { environmentFor } from './emulators/suite-addresses.mjs';

await runProgram(async () => {
  const site = await prepareSuite();
  const seedProgram = await bundleSeed();
  // Also clears away what a run that was killed has left.
  adoptExport(SEED_FOLDER);
  const exported = incomingFolder(SEED_FOLDER);
  const description = join(site.places.folder, 'seed');
  rmSync(description, { recursive: true, force: true });
  try {
    const suite = await startSuite(site, { exportTo: exported });
    try {
      const env = { ...process.env, ...environmentFor(site.ports) };
      const exitCode = await runInForeground([process.execPath, seedProgram, description], {
        env,
        endWhen: suite.died,
      });
      throwIfInterrupted();
      if (exitCode !== 0) throw notRebuilt('the reason is above');
    } finally {
      await suite.stop();
    }
    if (!isCompleteExport(exported)) throw notRebuilt(`the end of ${shown(site.places.log)} says why`);
    cpSync(description, exported, { recursive: true });
    allowExport(SEED_FOLDER);
  } finally {
    // Without the permission it only clears away what was exported, and the seed stays as it is.
    adoptExport(SEED_FOLDER);
  }
  console.log(`Rebuilt: ${shown(SEED_FOLDER)}/. Look at the difference, then commit it.`);
});

/** @param {string} why */
function notRebuilt(why) {
  return new Refusal(`the seed could not be rebuilt, and ${shown(SEED_FOLDER)}/ is as it was: ${why}.`);
}
