import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { operations, opsApi } from '@muster/contract';
import { openApiDocument } from './openapi';

const ROOT = join(__dirname, '..', '..');

test('what is generated is current; if not: npm run docs', () => {
  // In a process of its own, because Prettier is an ES module and Jest is set up for CommonJS.
  const made = JSON.parse(
    execFileSync(process.execPath, ['tools/suite/docs.mjs', '--print'], {
      cwd: ROOT,
      encoding: 'utf8',
      maxBuffer: 50_000_000,
    }),
  ) as { path: string; content: string }[];
  expect(made.map(({ path }) => path)).toEqual([
    'docs/openapi.json',
    'docs/api.md',
    'firestore.roster.rules',
    'docs/capabilities.md',
  ]);
  for (const { path, content } of made) expect(readFileSync(join(ROOT, path), 'utf8')).toBe(content);
});

type Inner = Record<string, unknown>;
const document = openApiDocument('0.0.0') as unknown as {
  paths: Record<string, Record<string, { operationId: string; responses: Record<string, Inner> }>>;
};

test('every operation and every route is in the document', () => {
  const expected = [
    '/api/call/{operation}',
    ...Object.keys(operations).map((name) => `/${name}`),
    ...Object.keys({ ...opsApi.routes, ...opsApi.openRoutes }).map((key) => key.split(' ')[1]?.replace('{+', '{')),
  ];
  expect(new Set(Object.keys(document.paths))).toEqual(new Set(expected));
});

/** What stands at a JSON pointer (RFC 6901) of the document; undefined where it leads nowhere. */
const at = (pointer: string): unknown =>
  pointer
    .split('/')
    .slice(1)
    .map((part) => decodeURIComponent(part).replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce<unknown>((inner, key) => (inner as Inner | undefined)?.[key], document);

const referencesIn = (value: unknown): string[] =>
  typeof value === 'object' && value !== null
    ? Object.entries(value).flatMap(([key, inner]) =>
        key === '$ref' && typeof inner === 'string' ? [inner] : referencesIn(inner),
      )
    : [];

test('every reference leads somewhere, from the root of the document', () => {
  const references = [...new Set(referencesIn(document))];
  expect(references.length).toBeGreaterThan(2);
  for (const reference of references) {
    expect(reference).toMatch(/^#\//u);
    expect({ reference, found: at(reference) }).toEqual({ reference, found: expect.any(Object) });
  }
});

test('operation ids are safe in addresses and names, and each is of one operation', () => {
  const ids = Object.values(document.paths).flatMap((methods) =>
    Object.values(methods).map(({ operationId }) => operationId),
  );
  expect(ids.filter((id) => !/^[A-Za-z][A-Za-z0-9-]*$/u.test(id))).toEqual([]);
  expect(new Set(ids).size).toBe(ids.length);
});

test('a status that a route refuses with in its own shape goes on standing for the common refusal', () => {
  const responses: Record<string, unknown> = document.paths['/api/capabilities/proposals']?.['post']?.responses ?? {};
  for (const [status, code, field] of [
    ['403', 'NOT_DELEGATED', 'reasonCode'],
    ['409', 'CONFLICT', 'decision'],
  ] as const) {
    expect(responses[status]).toMatchObject({
      description: expect.stringContaining(code),
      content: {
        'application/json': {
          schema: {
            anyOf: [{ required: expect.arrayContaining([field]) }, { $ref: '#/components/schemas/Refusal' }],
          },
        },
      },
    });
  }
});
