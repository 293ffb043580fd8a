import type { policy, ResponseOf } from '@muster/contract';
import { catalogPage } from './catalog-page';
import { forbiddenNow } from './forbidden-now';
import { PLAIN } from '../output/ink';

const page = { ink: PLAIN, width: 110, now: new Date('2026-03-31T10:30:00.000Z') };
const restricted = (mode: policy.Mode, ...killed: string[]): ResponseOf<'policy-get'> => ({
  policy: { mode, since: null, until: null, by: null, reason: null },
  modeEndRequest: null,
  offline: [],
  killSwitches: killed.map((capability) => ({
    ...{ capability, since: '2026-03-31T09:00:00.000Z', until: null, by: 'uid', reason: 'because of that' },
    ...{ activation: null, exemptions: 0, endRequest: null },
  })),
});
const stopped = (answer: ResponseOf<'policy-get'>): string[] =>
  forbiddenNow(answer)
    .capabilities.filter(({ killedBy, mode }) => killedBy.length > 0 || mode !== null)
    .map(({ name }) => name);

test.each(['normal', 'degraded'] as const)('%s forbids nothing', (mode) => {
  expect(stopped(restricted(mode))).toEqual([]);
});

test('offline forbids what goes outside, read_only every write; nothing forbids reading', () => {
  expect(stopped(restricted('offline'))).toEqual([
    ...['shipping.commit', 'shipping.push', 'shipping.pull_request', 'connector.<id>.write'],
  ]);
  const writes = stopped(restricted('read_only'));
  expect(writes).toEqual(expect.arrayContaining(['shipping.push', 'firestore.batch.close', 'muster.drills.note']));
  expect(writes).not.toContain('firestore.read');
  expect(stopped(restricted('normal', '*'))).toEqual(writes);
});

test('a kill switch forbids what is below it, and some of a pattern', () => {
  expect(stopped(restricted('normal', 'shipping'))).toEqual([
    ...['shipping.commit', 'shipping.push', 'shipping.pull_request'],
  ]);
  expect(stopped(restricted('normal', 'connector.github'))).toEqual(['connector.<id>.write']);
});

test('what is killed and in no catalog is named, because it may be mistyped', () => {
  const state = forbiddenNow(restricted('offline', 'shiping', 'shipping.push'));
  expect(state.notInCatalog).toEqual(['shiping']);
  const shown = catalogPage(state, page);
  expect(shown).toContain('Killed, and not in the catalog: shiping.');
  expect(shown).toMatch(/^shipping\.push +connector_write +✗ killed \(shipping\.push\), mode offline$/mu);
  expect(shown).toMatch(/^firestore\.write +write +allowed$/mu);
});

test('offline, the catalog and the table of what forbids what are shown', () => {
  const shown = catalogPage(undefined, page);
  expect(shown).toMatch(/^mode offline +allowed +allowed +allowed +✗ forbidden$/mu);
  expect(shown).toMatch(/^kill switch, of what it names +allowed +allowed +✗ forbidden +✗ forbidden$/mu);
});

test('a connector that is out forbids what writes to it, and no reading', () => {
  const out = {
    connector: 'github',
    since: '2026-03-31T09:00:00.000Z',
    reason: 'It does not answer.',
    activation: null,
  };
  const state = forbiddenNow({ ...restricted('normal'), offline: [out] });
  expect(state.capabilities.filter(({ offline }) => offline.length > 0).map(({ name }) => name)).toEqual([
    'connector.<id>.write',
  ]);
  expect(catalogPage(state, page)).toMatch(/^connector\.<id>\.write +connector_write +✗ github is offline$/mu);
});
