import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ROOT } from './processes/places.mjs';

const SOURCE = join(ROOT, 'web', 'verify');

/** Committed, so that an auditor has it from a checkout, and can compare it with one built from the same source. */
export const VERIFY_PAGE = join(ROOT, 'docs', 'verify.html');

/**
 * The check of an export as one page: its script and style are in it, by their hashes nothing else runs, and it can load nothing.
 *
 * @returns {Promise<string>}
 */
export async function verifyPage() {
  const script = await bundled('page.ts');
  const style = readFileSync(join(SOURCE, 'page.css'), 'utf8').trim();
  if (/<\/(?:script|style)/iu.test(script + style)) throw new Error('the script of the page would end its own element');
  const policy = [
    "default-src 'none'",
    `script-src '${hashOf(script)}'`,
    `style-src '${hashOf(style)}'`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  const filled = { policy, style, script };
  return readFileSync(join(SOURCE, 'page.html'), 'utf8').replace(
    /\{\{(policy|style|script)\}\}/gu,
    (_, name) => filled[/** @type {keyof typeof filled} */ (name)],
  );
}

/**
 * A program for a browser, with the cryptography for browsers.
 *
 * @param {string} entry in web/verify
 * @param {{ globalName?: string }} [options]
 * @returns {Promise<string>}
 */
export async function bundled(entry, options = {}) {
  const { build } = await import('esbuild');
  const { outputFiles } = await build({
    absWorkingDir: ROOT,
    entryPoints: [join(SOURCE, entry)],
    bundle: true,
    platform: 'browser',
    target: 'es2022',
    format: 'iife',
    charset: 'utf8',
    // Whoever doubts the page can read it: only comments are taken away.
    legalComments: 'inline',
    write: false,
    logLevel: 'warning',
    ...options,
  });
  return (outputFiles[0]?.text ?? '').trim();
}

/** @param {string} text */
const hashOf = (text) => `sha256-${createHash('sha256').update(text, 'utf8').digest('base64')}`;

/** Writes the page where it is committed; `--check` only tells whether that is what would be written. */
async function main() {
  const page = await verifyPage();
  const upToDate = existsSync(VERIFY_PAGE) && readFileSync(VERIFY_PAGE, 'utf8') === page;
  if (process.argv.includes('--check')) {
    if (!upToDate)
      console.error('docs/verify.html is not what its source makes: node tools/suite/build-verify-page.mjs');
    process.exitCode = upToDate ? 0 : 1;
  } else if (!upToDate) writeFileSync(VERIFY_PAGE, page);
}

if (import.meta.url === pathToFileURL(resolve(process.argv[1] ?? '')).href) await main();
