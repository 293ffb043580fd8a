/** What a deploy as documented would do to a product in the same project, asked of the planner of firebase-tools itself. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as backend from 'firebase-tools/lib/deploy/functions/backend';
import { toBackend } from 'firebase-tools/lib/deploy/functions/build';
import {
  getEndpointFilters,
  groupEndpointsByCodebase,
  targetCodebases,
} from 'firebase-tools/lib/deploy/functions/functionsDeployHelper';
import { createDeploymentPlan } from 'firebase-tools/lib/deploy/functions/release/planner';
import { yamlToBuild } from 'firebase-tools/lib/deploy/functions/runtimes/discovery';
import { filterOnly, resolveTargets } from 'firebase-tools/lib/hosting/config';
import { RC } from 'firebase-tools/lib/rc';
import { ROOT } from './deploy-folder';
import { discovered, type Manifest } from './discovered-manifest';

const PROJECT = 'shop-of-somebody';
/** What firebase-tools labels all that it deploys with, whatever the codebase. */
const DEPLOYED_BY_CLI = { 'deployment-tool': 'cli-firebase' };

interface Config {
  functions: { codebase: string }[];
  firestore?: object;
  hosting: { target?: string; site?: string };
}
const config = JSON.parse(readFileSync(join(ROOT, 'firebase.json'), 'utf8')) as Config;

const pagesIn = (folder: string): string[] =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md') && !name.startsWith('adr'))
    .map((name) => join(folder, name));

/** Every deploy that a page tells somebody to run, with its options. */
const documented = ['README.md', 'CONTRIBUTING.md', 'SECURITY.md', ...pagesIn('docs'), 'packages/guard/README.md']
  .map((page) => ({ page, text: readFileSync(join(ROOT, page), 'utf8') }))
  .flatMap(({ page, text }) =>
    [...text.matchAll(/npx firebase deploy (?<options>[^`\n#]*)/gu)].map(({ groups }) => ({
      page,
      options: groups?.['options']?.trim() ?? '',
    })),
  );
const OF_THE_DATABASE = '--config firebase.firestore.json';
const beside = documented.filter(({ options }) => !options.includes(OF_THE_DATABASE));
const onlyOf = (options: string): string => /--only (?<only>\S+)/u.exec(options)?.groups?.['only'] ?? '';

const product = (id: string, more: object = {}) => ({
  ...{ id, project: PROJECT, region: 'us-central1', entryPoint: id, platform: 'gcfv2', runtime: 'nodejs22' },
  ...{ httpsTrigger: {}, labels: DEPLOYED_BY_CLI, codebase: 'default', state: 'ACTIVE', hash: 'of the product' },
  ...more,
});
const SHOP = [product('placeOrder'), product('shipOrder'), product('api2', { codebase: 'storefront' })];

let manifest: Manifest;
beforeAll(async () => {
  manifest = await discovered('');
});

/** What would be created, changed and deleted, by names. */
const planOf = (only: string, codebase: string, standing: object[]) => {
  const build = yamlToBuild(manifest, PROJECT, 'us-central1', 'nodejs22');
  const wanted = toBackend(build, {});
  backend.allEndpoints(wanted).forEach((endpoint) => Object.assign(endpoint, { codebase }));
  const codebases = [{ codebase }];
  const filters = getEndpointFilters({ only }, codebases);
  const targeted = targetCodebases(codebases, filters);
  const wantBackends = Object.fromEntries(targeted.map((name) => [name, wanted]));
  const have = groupEndpointsByCodebase(wantBackends, standing);
  const regions = targeted.flatMap((name) =>
    Object.values(
      createDeploymentPlan({
        codebase: name,
        filters,
        wantBackend: wanted,
        haveBackend: have[name] ?? backend.empty(),
      }),
    ),
  );
  const ids = (endpoints: { id: string }[]) => endpoints.map(({ id }) => id).toSorted();
  return {
    created: ids(regions.flatMap(({ endpointsToCreate }) => endpointsToCreate)),
    updated: ids(regions.flatMap(({ endpointsToUpdate }) => endpointsToUpdate.map(({ endpoint }) => endpoint))),
    deleted: ids(regions.flatMap(({ endpointsToDelete }) => endpointsToDelete)),
  };
};

test('every documented deploy is found, and says what of Muster it deploys', () => {
  expect(beside.length).toBeGreaterThanOrEqual(3);
  for (const { options } of beside) {
    const parts = onlyOf(options).split(',');
    expect(parts.filter((part) => !['functions:muster', 'hosting:muster'].includes(part))).toEqual([]);
  }
});

test('no function of a product is changed or deleted by any of them', () => {
  for (const only of new Set(beside.map(({ options }) => onlyOf(options)))) {
    if (!only.includes('functions')) continue;
    const plan = planOf(only, config.functions[0]?.codebase ?? '', SHOP);
    expect(plan.created).toEqual(Object.keys(manifest.endpoints).toSorted());
    expect({ ...plan, created: [] }).toEqual({ created: [], updated: [], deleted: [] });
  }
});

test('what this test would find: as the codebase "default", the functions of the product are deleted', () => {
  expect(planOf('functions', 'default', SHOP).deleted).toEqual(['placeOrder', 'shipOrder']);
});

test('what was of Muster and is no more is deleted, and nothing else', () => {
  const former = product('drills-former', { codebase: 'muster' });
  expect(planOf('functions:muster', 'muster', [...SHOP, former])).toMatchObject({
    updated: [],
    deleted: ['drills-former'],
  });
});

test('Hosting is a target with a site of its own: without one nothing is deployed, and with one that site alone', () => {
  const configured = filterOnly([config.hosting], 'functions:muster,hosting:muster');
  const options = (targets: object) => ({ project: PROJECT, rc: new RC('.firebaserc', { targets }) });
  expect(config.hosting.site).toBeUndefined();
  expect(() => resolveTargets(configured, options({}))).toThrow(/target:apply hosting muster/u);
  const applied = options({ [PROJECT]: { hosting: { muster: ['muster-of-somebody'], website: [PROJECT] } } });
  expect(resolveTargets(configured, applied)).toMatchObject([{ site: 'muster-of-somebody' }]);
});

test('rules and indexes are deployed by nobody who did not ask for exactly that', () => {
  expect(config.firestore).toBeUndefined();
  for (const { page, options } of documented.filter((one) => !beside.includes(one))) {
    expect({ page, options }).toEqual({ page, options: expect.stringContaining('--only firestore') as string });
  }
});
