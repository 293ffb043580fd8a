import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { firstWordOf, MUSTER_WORDS } from '@muster/contract/audit/entry';
import { namespacesFrom } from '../../src/platform/deployment';
import { RECORDED_REASONS } from '@muster/contract/errors';
import { refusedSubject } from '@muster/guard/refusal-counter';

const ROOT = resolve(__dirname, '../../..');

/** The first word of every action that is written down anywhere in the sources, whole or as the beginning of one. */
const wordsWritten = (): string[] => {
  const files = ['functions/src', 'packages/core/src', 'packages/guard/src', 'cli/src/bootstrap'].flatMap((folder) =>
    readdirSync(resolve(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
      .map((file) => resolve(ROOT, folder, file)),
  );
  const written = files.flatMap((file) => [
    ...readFileSync(file, 'utf8').matchAll(
      /(?:action:(?: [\w.]+ \?)?|Entry\(|DRILL_EVENT =)\s*['`]([a-z][a-z0-9_]*)\.(?:[a-z][a-z0-9_.]*|\$\{)/gu,
    ),
  ]);
  return [
    ...new Set(written.map(([, word = '']) => word)),
    ...RECORDED_REASONS.flatMap((reason) =>
      ['policy-kill', 'chaos-arm'].map((capability) => refusedSubject({ reason, capability })),
    ),
  ];
};

test("no product can write an action that looks like one of Muster's own", () => {
  const words = [...new Set(wordsWritten())].toSorted();
  expect(words).toEqual([...MUSTER_WORDS].toSorted());
});

test('what cannot be a namespace is not one, whatever is declared', () => {
  expect(namespacesFrom('')).toEqual([]);
  expect(namespacesFrom(' shop, billing.invoices ,,')).toEqual(['shop', 'billing.invoices']);
  expect(namespacesFrom('Shop,shop.,*,.,a b,1shop,__proto__')).toEqual([]);
  for (const word of MUSTER_WORDS) expect(namespacesFrom(`${word},${word}.mine`)).toEqual([]);
  expect(firstWordOf('shop.order.paid')).toBe('shop');
});
