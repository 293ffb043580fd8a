import type { Revocation } from '@muster/guard/revocation';
import { admit, admitByToken } from './admission';

const identity = { uid: 'uid', authTime: 1_000, claimed: ['staff' as const] };
const call = { identity, confirmed: Promise.resolve() };
const stored = (validAfterMs: number, ...withdrawn: Revocation['withdrawn']) => ({
  read: async <T>() => ({ validAfter: new Date(validAfterMs), withdrawn }) as T,
});
const CLAIMS = { rolesFrom: 'claims' as const };
const refusedFor = (reason: string) => expect.objectContaining({ details: expect.objectContaining({ reason }) });

test('a session begun before the revocation is refused, one begun with it or after it is not', async () => {
  await expect(admit(stored(1_000_001), call, { who: 'signed-in' }, CLAIMS)).rejects.toEqual(
    refusedFor('SESSION_REVOKED'),
  );
  expect(await admit(stored(1_000_000), call, { who: 'staff' }, CLAIMS)).toEqual(['staff']);
  expect(await admit({ read: async () => undefined }, call, { who: 'staff' }, CLAIMS)).toEqual(['staff']);
});

test('a role that was withdrawn is refused by what is stored, not yet by the token', async () => {
  expect(() => admitByToken(identity, 'staff')).not.toThrow();
  await expect(admit(stored(0, 'staff'), call, { who: 'staff' }, CLAIMS)).rejects.toEqual(refusedFor('ROLE_MISSING'));
  expect(() => admitByToken(identity, 'admin')).toThrow(refusedFor('ROLE_MISSING'));
});

test('whom Firebase Auth refuses is not let in, whatever is stored; nor is anybody before it has answered', async () => {
  let refuse: (error: Error) => void = () => undefined;
  const confirmed = new Promise<void>((_, reject) => (refuse = reject));
  let isLetIn: boolean | undefined;
  const asked = admit(stored(0), { identity, confirmed }, { who: 'staff' }, CLAIMS).then(
    () => (isLetIn = true),
    () => (isLetIn = false),
  );
  await new Promise(setImmediate);
  expect(isLetIn).toBeUndefined();
  refuse(new Error('this user is disabled'));
  await asked;
  expect(isLetIn).toBe(false);
});

test('where the roster decides, a claim that Muster did not grant lets nobody in, and that is said', async () => {
  const roster = { rolesFrom: 'roster' as const };
  const read = (more: object) => ({ read: async <T>() => ({ validAfter: new Date(0), withdrawn: [], ...more }) as T });
  await expect(admit(read({}), call, { who: 'staff' }, roster)).rejects.toEqual(refusedFor('ROLE_NOT_GRANTED'));
  await expect(admit({ read: async () => undefined }, call, { who: 'staff' }, roster)).rejects.toEqual(
    refusedFor('ROLE_NOT_GRANTED'),
  );
  expect(await admit(read({ granted: ['staff'] }), call, { who: 'staff' }, roster)).toEqual(['staff']);
  const taken = read({ granted: ['staff'], withdrawn: ['staff'] });
  await expect(admit(taken, call, { who: 'staff' }, roster)).rejects.toEqual(refusedFor('ROLE_MISSING'));
  expect(await admit(read({}), call, { who: 'signed-in' }, roster)).toEqual([]);
});
