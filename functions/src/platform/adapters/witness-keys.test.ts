import { COSIGNATURE_V1, formatSignerKey, formatVerifierKey, signerKeyFrom } from '@muster/tlog/note';
import { witnessKeysFrom } from './witness-keys';

const seed = new Uint8Array(32).fill(4);
const one = signerKeyFrom('witness.test/one', seed, COSIGNATURE_V1);
const two = signerKeyFrom('witness.test/two', seed, COSIGNATURE_V1);

test('none, one, or several, however they are spaced', () => {
  expect(witnessKeysFrom('')).toEqual([]);
  expect(witnessKeysFrom(' \n')).toEqual([]);
  const keys = [one, two].map(formatVerifierKey);
  expect(witnessKeysFrom(keys[0] ?? '').map(formatVerifierKey)).toEqual([keys[0]]);
  expect(witnessKeysFrom(`  ${keys.join(' \n ')} `).map(formatVerifierKey)).toEqual(keys);
});

test.each([
  ['no key', 'somebody'],
  ['the key of a log', formatVerifierKey(signerKeyFrom('log.test/audit', seed))],
  ['a signing key', formatSignerKey(one)],
  ['a key whose hash is of another', formatVerifierKey(one).replace('one', 'two')],
])('%s is refused', (_, text) => {
  const parse = () => witnessKeysFrom(`${formatVerifierKey(two)} ${text}`);
  expect(parse).toThrow('MUSTER_WITNESS_KEYS');
  expect(parse).not.toThrow(text);
});
