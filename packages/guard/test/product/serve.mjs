/** Serves the callable of the README as Cloud Functions does; beside the product that is made of it, and copied there. */
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { shipOrder } from './out/callable.js';

// firebase-functions brings it.
const express = createRequire(createRequire(import.meta.url).resolve('firebase-functions/v2/https'))('express');

const server = createServer(express().use(express.json()).post('/', shipOrder)).listen(0, '127.0.0.1', () => {
  process.send?.({ port: server.address().port });
});
