/**
 * The backend as it is bundled for deployment, over HTTP and outside of the suite's functions: with parameters of its own
 * (MUSTER_ENVIRONMENT) and, by GCLOUD_PROJECT, in a project of its own. Says where it listens, and ends with its input.
 */
import { createServer } from 'node:http';
import { createRequire } from 'node:module';

const bundle = new URL('../../functions/deploy/lib/index.js', import.meta.url);
const require = createRequire(bundle);
const express = require('express');
const deployed = require(bundle.pathname);

const host = express().use(express.json());
host.post('/:group-:operation', (request, response) => {
  const { group, operation } = request.params;
  return deployed[group][operation](request, response);
});
host.use('/api', (request, response) => deployed.api(request, response));

const server = createServer(host).listen(0, '127.0.0.1', () => {
  process.stdout.write(`listening on ${server.address().port}\n`);
});
process.stdin.resume().once('end', () => process.exit(0));
