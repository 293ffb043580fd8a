import { rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename } from 'node:path';
import { TEMPORARY_PREFIX } from '../processes/temporary-folder.mjs';

// Loaded into Firebase's process before its own code. When our program is gone, however it ended (kill -9
// and a crash included), the channel to it closes, and the suite ends as it would by Ctrl-C: emulators
// stopped, data exported.

process.on('disconnect', () => {
  process.once('exit', removeTemporaryFolder);
  process.kill(process.pid, 'SIGINT');
});
// The listener must not be what keeps Firebase alive.
process.channel?.unref();

function removeTemporaryFolder() {
  const folder = tmpdir();
  if (basename(folder).startsWith(TEMPORARY_PREFIX)) rmSync(folder, { recursive: true, force: true });
}
