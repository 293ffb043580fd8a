import { LOG_KEY } from '../../../test/harness';
import { formatSignerKey, parseVerifierKey, signerKeyFrom } from '@muster/tlog/note';
import { verifyCheckpoint } from '@muster/tlog/checkpoint';
import { DEVELOPMENT_LOG_KEY } from '../deployment';
import { logSignerFrom } from './log-signer';

const AT = new Date('2026-03-31T09:00:00Z');
const named = (name: string, byte: number, type?: 4) =>
  formatSignerKey(signerKeyFrom(name, new Uint8Array(32).fill(byte), type));

test('a head is signed by each key, with the time', () => {
  const signer = logSignerFrom(`${named('a.test/log', 1)}\n${named('a.test/log', 2)}`);
  const note = signer.sign({ size: 7, root: new Uint8Array(32) }, AT);
  expect(signer.origin).toBe('a.test/log');
  for (const key of signer.keys)
    expect(verifyCheckpoint(note, [parseVerifierKey(key)])).toMatchObject({
      size: 7,
      signedAt: AT,
      origin: 'a.test/log',
    });
});

test.each(['', 'secret', 'PRIVATE+KEY+x', LOG_KEY.slice(0, -4), `${LOG_KEY} short`, named('a.test/log', 1, 4)])(
  '%j is refused, and not repeated',
  (secret) => {
    const refused = () => logSignerFrom(secret);
    expect(refused).toThrow('MUSTER_LOG_KEY must be a signing key');
    if (secret.length > 20) expect(refused).not.toThrow(secret.slice(-20));
  },
);

test('two keys of two logs are refused', () => {
  expect(() => logSignerFrom(`${named('a.test/log', 1)} ${named('b.test/log', 2)}`)).toThrow('the same name');
});

test('the key of the emulator suite says what it is', () => {
  expect(logSignerFrom(DEVELOPMENT_LOG_KEY).origin).toBe('demo-muster.invalid/audit/development');
});
