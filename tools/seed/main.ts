/**
 * Fills the suite that the environment names, then writes to a folder what `emulator-data/` carries besides
 * the export. `npm run seed` (tools/suite/seed.mjs) calls it.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '@muster/client/failure';
import { enterSeed } from './enter-seed';
import { readSources, type Sources } from './sources';

const main = async (folder: string | undefined): Promise<void> => {
  if (folder === undefined) throw new Error('Say in which folder to describe the seed.');
  const sources = readSources(join(__dirname, '..', '..'));
  await enterSeed(sources, (line) => console.log(`  ${line}`));
  describe(sources, folder);
};

/** The accounts as `npm start` prints them, and the digests by which a test sees that the seed is out of date. */
const describe = ({ accounts, password, digests }: Sources, folder: string): void => {
  mkdirSync(folder, { recursive: true });
  const write = (name: string, content: unknown) =>
    writeFileSync(join(folder, name), `${JSON.stringify(content, null, 2)}\n`);
  write(
    'accounts.json',
    accounts.map(({ role, email, uid }) => ({ role, email, password, uid })),
  );
  write('sources.json', digests);
};

main(process.argv[2]).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  if (error instanceof Failure)
    for (const { field, problem } of error.details.fields ?? []) console.error(`  ${field}: ${problem}`);
  process.exitCode = 1;
});
