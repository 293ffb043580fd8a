/** How a product may set its guard up, and what it may ask: what is mistyped must not let more pass. */
import { enterDegraded, exitDegraded } from '@muster/functions/features/policy/index';
import { newBackend, refusalOf, START, type Backend } from '@muster/functions/test/harness';
import type { Guard } from '../src/guard';
import type { ProductRequest } from '../src/guard-request';
import { asking, guardIn } from './guard-harness';

const because = 'automation is misbehaving';

let backend: Backend;
let guard: Guard;
beforeAll(async () => {
  backend = await newBackend();
  ({ guard } = guardIn(backend));
});
afterAll(() => backend.close());

describe('the catalog of the product', () => {
  test('wins over that of Muster', async () => {
    const own = guardIn(backend, { catalog: { 'shipping.push': 'diagnostic', 'queue.<id>.drain': 'write' } }).guard;
    await backend.run(enterDegraded, { mode: 'offline', reason: because });
    expect(await own.check(asking('shipping.push'))).toMatchObject({ allowed: true });
    expect(await own.check(asking('queue.mail.drain'))).toMatchObject({ allowed: true });
    expect(await own.check(asking('queue.mail'))).toMatchObject({ allowed: false });
    expect(await guard.check(asking('shipping.push'))).toMatchObject({ allowed: false });
    await backend.run(exitDegraded, {});
  });

  test.each([[{ 'shipping.push': 'writes' }], [{ 'Shipping.Push': 'write' }], [{ 'a.b.c.d.e': 'write' }]])(
    'that says %j is refused when the guard is made, because it would let more pass',
    (catalog) => {
      expect(() => guardIn(backend, { catalog: catalog as never })).toThrow(/cannot be set up/u);
    },
  );

  test.each([Number.NaN, 0, -1, Number.POSITIVE_INFINITY])('and a bound of %d is refused too', (cacheBoundMs) => {
    expect(() => guardIn(backend, { cacheBoundMs })).toThrow(/cannot be set up/u);
  });
});

test.each([
  ['a capability in capitals', { capability: 'Shipping' }],
  ['no actor', { actor: '' }],
  ['an actor that leads elsewhere', { actor: '../policy/current' }],
  ['milliseconds for seconds', { authTime: START.getTime() }],
  ['no number for a time', { authTime: Number.NaN }],
  ['a delegation that is no id', { delegation: 'x/y' }],
  ['a field of its own', { admin: true }],
])('a request with %s is refused as it is, and counted nowhere', async (_name, wrong) => {
  const request = { ...asking('shipping.push'), ...wrong } as ProductRequest;
  const counted = (await backend.firestore.collection('muster_refusals').get()).size;
  const work = jest.fn();
  for (const asked of [guard.run(request, work), guard.check(request), guard.refresh(request)]) {
    expect(await refusalOf(asked)).toMatchObject({ code: 'INVALID_ARGUMENT' });
  }
  expect(() => guard.cached(request)).toThrow(/not valid/u);
  expect(work).not.toHaveBeenCalled();
  expect((await backend.firestore.collection('muster_refusals').get()).size).toBe(counted);
});
