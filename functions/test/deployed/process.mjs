/**
 * Every deployed function under its name, as bundled, in one process: where the emulator starts a process for each function that is
 * called, this is one for all of them. Says where it listens, and ends with its input. Bodies are parsed as Cloud Functions
 * parses them before a function sees them.
 */
import { createServer } from 'node:http';
import { createRequire } from 'node:module';

const bundle = new URL('../../deploy/lib/index.js', import.meta.url);
const require = createRequire(bundle);
const express = require('express');
const deployed = require(bundle.pathname);

const limit = '32mb';
const verify = (/** @type {{ rawBody?: Buffer }} */ request, /** @type {unknown} */ _, /** @type {Buffer} */ body) => {
  request.rawBody = body;
};
const host = express()
  // As Cloud Functions does it, and for whatever application comes after.
  .set('query parser', 'extended')
  .use((request, _, next) => {
    Object.defineProperty(request, 'query', { value: request.query });
    next();
  })
  .use(express.json({ limit, verify }))
  .use(express.text({ limit, verify }))
  .use(express.urlencoded({ limit, verify, extended: true }))
  .use(express.raw({ limit, verify, type: '*/*' }));
// As the hub of the emulators tells it, which the door asks where the functions are that it hands calls on to.
host.get('/emulators', (_, response) =>
  response.json({ functions: { host: '127.0.0.1', port: server.address().port } }),
);
/** `audit-queries-save` is `audit.queries.save`. */
const named = (/** @type {string} */ name) => name.split('-').reduce((found, part) => found?.[part], deployed);
const { GCLOUD_PROJECT: project } = process.env;
host.all(['/:name', `/${project}/us-central1/:name`], (request, response, next) => {
  const called = named(request.params.name);
  return typeof called === 'function' ? called(request, response) : next();
});
// At the function's own address its name stands before the path, at Hosting's it does not.
host.use((request, response) => {
  if (request.url.startsWith('/api/api/')) request.url = request.url.slice('/api'.length);
  return deployed.api(request, response);
});

const server = createServer(host).listen(0, '127.0.0.1', () => {
  const { port } = server.address();
  process.env.FIREBASE_EMULATOR_HUB = `127.0.0.1:${port}`;
  process.stdout.write(`listening on ${port}\n`);
});
process.stdin.resume().once('end', () => process.exit(0));
