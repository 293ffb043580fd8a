/** A self-made X.509 certificate (RFC 5280), so that real signatures can be checked without anyone else's keys. */
import { sign, type KeyObject } from 'node:crypto';

const TAG = {
  integer: 0x02,
  bitString: 0x03,
  null: 0x05,
  oid: 0x06,
  utf8: 0x0c,
  time: 0x17,
  sequence: 0x30,
  set: 0x31,
};

/** One DER value: tag, length, content. */
const der = (tag: number, ...parts: Uint8Array[]): Buffer => {
  const content = Buffer.concat(parts);
  const digits = content.length < 0x80 ? [] : bytesOf(content.length);
  const length = digits.length === 0 ? [content.length] : [0x80 | digits.length, ...digits];
  return Buffer.concat([Buffer.from([tag, ...length]), content]);
};

const bytesOf = (value: number): number[] => (value < 0x100 ? [value] : [...bytesOf(value >> 8), value & 0xff]);

const time = (at: Date): Buffer =>
  der(TAG.time, Buffer.from(`${at.toISOString().slice(2, 19).replaceAll(/[-:T]/gu, '')}Z`));

/** sha256WithRSAEncryption, and the attribute commonName. */
const SHA256_WITH_RSA = der(TAG.sequence, der(TAG.oid, Buffer.from('2a864886f70d01010b', 'hex')), der(TAG.null));
const named = (name: string): Buffer =>
  der(
    TAG.sequence,
    der(TAG.set, der(TAG.sequence, der(TAG.oid, Buffer.from('550403', 'hex')), der(TAG.utf8, Buffer.from(name)))),
  );

/** The certificate of an RSA key, signed by itself, valid for a day around now, as PEM. */
export const selfSignedCertificate = (keys: { publicKey: KeyObject; privateKey: KeyObject }, name: string): string => {
  const day = 86_400_000;
  const content = der(
    TAG.sequence,
    der(TAG.integer, Buffer.from([1])),
    SHA256_WITH_RSA,
    named(name),
    der(TAG.sequence, time(new Date(Date.now() - day)), time(new Date(Date.now() + day))),
    named(name),
    keys.publicKey.export({ type: 'spki', format: 'der' }),
  );
  const signature = der(TAG.bitString, Buffer.from([0]), sign('sha256', content, keys.privateKey));
  const lines =
    der(TAG.sequence, content, SHA256_WITH_RSA, signature)
      .toString('base64')
      .match(/.{1,64}/gu) ?? [];
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n');
};
