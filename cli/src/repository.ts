import { join } from 'node:path';

/** The checkout: `src/` and `dist/` lie at the same depth in it. */
const ROOT = join(__dirname, '..', '..');

export const DEMO_ACCOUNTS = join(ROOT, 'emulator-data', 'accounts.json');
export const SCENARIO_CATALOG = join(ROOT, 'catalog', 'scenarios');

/** The check of an export for a browser, as `tools/suite/build-verify-page.mjs` builds it. */
export const VERIFY_PAGE = join(ROOT, 'docs', 'verify.html');
