// The Unleash server, alone in its process: packages of its own end the process that they run in at the first
// exception, which is what losing the database looks like to them.
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const [installation = ''] = process.argv.slice(2);
process.on('disconnect', () => process.exit());

// In a message, because a command line can be read by everybody.
const options = await new Promise((resolve) => process.once('message', resolve));
// Its package is an ES module in a folder that no import of ours looks into.
const entry = createRequire(join(installation, 'package.json')).resolve('unleash-server');
const { start } = await import(pathToFileURL(entry).href);
await start(options);
process.send?.('started');
