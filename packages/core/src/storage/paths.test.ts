import { COLLECTIONS, collections, isOfMuster, logicalName, paths, PREFIX } from './paths';

const documents = Object.values(paths).map((pathOf: (...ids: string[]) => string) => pathOf('one', 'two'));
const queried = Object.values(collections).map((one) => (typeof one === 'string' ? one : one('one')));
const idsIn = (path: string): string[] => path.split('/').filter((_, index) => index % 2 === 0);

test.each([...documents, ...queried])(
  '%s: every collection on the way begins with muster_, and is one of the list',
  (path) => {
    for (const id of idsIn(path)) {
      expect(id.startsWith(PREFIX)).toBe(true);
      expect(COLLECTIONS).toContain(id.slice(PREFIX.length));
    }
    expect(isOfMuster(path)).toBe(true);
  },
);

test('no collection is named twice', () => expect(new Set(COLLECTIONS).size).toBe(COLLECTIONS.length));

test.each([
  ['muster_drills/drl_one', 'drills/drl_one'],
  ['muster_drills/drl_one/muster_events/evt_one', 'drills/drl_one/events/evt_one'],
  ['muster_connectors', 'connectors'],
  ['muster_staff/muster_ada', 'staff/muster_ada'],
  ['orders/muster_one', 'orders/muster_one'],
  ['drills/drl_one', 'drills/drl_one'],
])('%s is called %s', (path, name) => expect(logicalName(path)).toBe(name));

test.each(['orders/one', 'muster/one', 'orders/muster_one', 'drills/one/events/two'])("%s is a product's", (path) =>
  expect(isOfMuster(path)).toBe(false),
);

test('a document below one of a product is of Muster all the same', () =>
  expect(isOfMuster('orders/one/muster_events/two')).toBe(true));
