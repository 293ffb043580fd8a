import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { operations, opsApi } from '@muster/contract';
import { openApiDocument } from './openapi';

const ROOT = join(__dirname, '..', '..');

test('docs/openapi.json, docs/api.md and docs/capabilities.md are current; if not: npm run docs', () => {
  // In a process of its own, because Prettier is an ES module and Jest is set up for CommonJS.
  const made = JSON.parse(
    execFileSync(process.execPath, ['tools/suite/docs.mjs', '--print'], {
      cwd: ROOT,
      encoding: 'utf8',
      maxBuffer: 50_000_000,
    }),
  ) as { path: string; content: string }[];
  expect(made.map(({ path }) => path)).toEqual(['docs/openapi.json', 'docs/api.md', 'docs/capabilities.md']);
  for (const { path, content } of made) expect(readFileSync(join(ROOT, path), 'utf8')).toBe(content);
});

test('every operation and every route is in the document, with no reference that leads nowhere', () => {
  const document = openApiDocument('0.0.0') as { paths: Record<string, object>; components: { schemas: object } };
  const expected = [
    '/api/call/{operation}',
    ...Object.keys(operations).map((name) => `/${name}`),
    ...Object.keys({ ...opsApi.routes, ...opsApi.openRoutes }).map((key) => key.split(' ')[1]?.replace('{+', '{')),
  ];
  expect(new Set(Object.keys(document.paths))).toEqual(new Set(expected));
  for (const [, name] of JSON.stringify(document).matchAll(/"#\/components\/schemas\/(\w+)"/gu)) {
    expect(Object.keys(document.components.schemas)).toContain(name);
  }
});
