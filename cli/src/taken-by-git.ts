/** Where git would take a file: no place for a secret. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { badUsage } from '@muster/client/failure';

/** What `git check-ignore` ends with. */
const IGNORED = 0;
const NOT_IGNORED = 1;

/**
 * Refuses a file that git would add with everything else: a key that was pushed once is everybody's. Where it is ignored, or in no
 * repository, it is let through. Without git on this machine nothing can be asked, and a repository is refused as a whole.
 */
export const refuseWhereGitTakes = (file: string): void => {
  const folder = dirname(resolve(file));
  const { status, error } = spawnSync('git', ['check-ignore', '--quiet', '--no-index', '--', resolve(file)], {
    cwd: existsSync(folder) ? folder : undefined,
    stdio: 'ignore',
  });
  if (status === IGNORED) return;
  const isTaken = status === NOT_IGNORED || (error !== undefined && isInRepository(folder));
  if (!isTaken) return;
  throw badUsage(
    `${resolve(file)} is in a git repository that does not ignore it: a secret there is pushed sooner or later. Nothing was made.`,
    'Name a file outside of it with --out, such as ~/muster-log.key, or have .gitignore name it (*.key) first.',
  );
};

const isInRepository = (folder: string): boolean =>
  existsSync(join(folder, '.git')) || (dirname(folder) !== folder && isInRepository(dirname(folder)));
