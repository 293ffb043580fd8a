import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const TEMPORARY_PREFIX = 'muster-';

/**
 * A TMPDIR for one suite alone. Firebase keeps a file there that tells by project which emulators run: two
 * suites of one project that shared it would export each other's data. It is not in the checkout because
 * it also holds sockets, whose paths may have no more than about 100 characters.
 */
export function makeTemporaryFolder() {
  return mkdtempSync(join(tmpdir(), TEMPORARY_PREFIX));
}
