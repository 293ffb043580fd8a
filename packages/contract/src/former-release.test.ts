import { isFormerPolicy } from './former-release';

const mode = { name: 'normal', since: null, until: null, by: null, reason: null };

test.each([
  ['of version 1', { version: 1, mode }],
  ['of version 2', { version: 2, mode, killSwitches: {} }],
  ['of version 3', { version: 3, mode: { ...mode, name: 'read_only' }, killSwitches: {}, offline: {} }],
])('the policy of 0.1.0 is known: %s', (_, stored) => {
  expect(isFormerPolicy(stored)).toBe(true);
});

test.each([
  ['nothing', undefined],
  ['a document without a version', { mode }],
  ['a version of its own', { version: 4, mode }],
  ['a mode that is a text', { version: 3, mode: 'normal' }],
  ['modes that Muster does not have', { version: 1, mode: { ...mode, name: 'strict' } }],
  ['a mode without times', { version: 1, mode: { name: 'normal' } }],
  ['a list', [1]],
])("a product's own document is not taken for it: %s", (_, stored) => {
  expect(isFormerPolicy(stored)).toBe(false);
});
