#!/usr/bin/env node
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';

const program = new URL('../dist/main.js', import.meta.url);

if (!existsSync(program)) await build();
if (existsSync(program)) createRequire(import.meta.url)(program.pathname);

/** A checkout in which nothing was built yet; `npm start`, `npm test` and `npm run build` all do it too. */
async function build() {
  try {
    const { bundleCli } = await import('@muster/suite/building/bundle.mjs');
    await bundleCli();
  } catch {
    console.error('muster: the command line is not built yet: run `npm run build` in the checkout, then try again.');
    process.exitCode = 1;
  }
}
