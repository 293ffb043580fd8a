/**
 * Notes, checkpoints and cosignatures as others have published them: golang.org/x/mod `sumdb/note/note_test.go`, C2SP
 * signed-note and tlog-checkpoint (github.com/C2SP/C2SP), github.com/transparency-dev/formats `note/note_cosigv1_test.go`,
 * github.com/FiloSottile/torchwood `internal/witness/witness_test.go`, and a public log's own checkpoint.
 */
import { parseCheckpoint, signCheckpoint, verifyCheckpoint } from '../src/checkpoint';
import { toBase64 } from '../src/crypto';
import {
  COSIGNATURE_V1,
  cosignText,
  formatNote,
  formatSignature,
  formatSignerKey,
  formatVerifierKey,
  NoteError,
  parseNote,
  parseSignerKey,
  parseVerifierKey,
  signerKeyFrom,
  signText,
  verifierKeyFrom,
  vouchedBy,
} from '../src/note';

/** golang.org/x/mod/sumdb/note. */
const PETER = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW';
const PETER_SIGNS = 'PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz';
const ENOCH = 'EnochRoot+af0cfe78+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop';
const TEXT = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n";
const PETER_LINE =
  '— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n';
const ENOCH_LINE =
  '— EnochRoot rwz+eBzmZa0SO3NbfRGzPCpDckykFXSdeX+MNtCOXm2/5n2tiOHp+vAF1aGrQ5ovTG01oOTGwnWLox33WWd1RvMc+QQ=\n';

/** A log of the public witness network, as it stood: signed by itself, and cosigned. */
const PUBLIC_LOG = 'arche2025h1.staging.ct.transparency.dev+ba2f06c0+AU0vHmlGCS/PdN8b2OaGmKprLI8HKM+dJ472xgFYh15f';
const PUBLIC_WITNESS = 'remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2';
const PUBLIC_NOTE = `arche2025h1.staging.ct.transparency.dev
1432088532
U7WM79jrzyhGZ5/GUBTpM7NzwdyfFx61t3RovgcC4Ro=

— arche2025h1.staging.ct.transparency.dev zTM8sQAAAZ5W0WdjBAMARjBEAiBjW5IQf9pvsYLfQFX6hoGREPMHbdQ3urbllzalApkptQIgIpwtEroeW2BXaHAI4kJXFbon5Ch9MNL5zRNZ55lvGt0=
— arche2025h1.staging.ct.transparency.dev ui8GwCF1+kWqZrxGdhj4aX3gcw7XUlXQQabg/27lefwhUkzbC3NygNI75MdhL1bfTW9g8Ei59RA23oHP7Ry1k3ZFWwQ=
— transparency.dev/DEV:witness-little-garden 2AQqhwAAAABqEiEgzgFIqqhbUoDwjMWE6UP8nd8/KYTzwZ2rhIgcqoXHAwVkjZr4AscylP3v7sEodkRAErumC2q44vdgJY096st5BQ==
— witness1.smartit.nu/witness1 pIyCDwAAAABqEiEghIp82KWebrw7/oHQwlTAm3g2RKS4+eebl8eO0WH+/iEcxZ75W3u5hNI7TOQtmJbqmNWVuE0tgh0XwzdZsDsUAQ==
— remora.n621.de 2net5wAAAABqEiEgPlfF3V06o0Y+fHM+J5J9s27wgxxcOVSpZ/2g/KSiXCg9DEZI+aVCIobWX9sXTynk5XeU/zZ0WBxtqB0DrAWfBw==
— witness.stagemole.eu Z/euoAAAAABqEiEgw0i+7g2ENfDAWHmtRzCfKTHSDwYDJA2NmKeGi9Y8FtEyOUvVr+AJmIY/2TUFucgKi7lI7cUiOvKFYe/TmN9DAg==
`;

describe('keys', () => {
  test('are read and written as others write them', () => {
    for (const key of [PETER, ENOCH, PUBLIC_LOG, PUBLIC_WITNESS])
      expect(formatVerifierKey(parseVerifierKey(key))).toBe(key);
    expect(formatSignerKey(parseSignerKey(PETER_SIGNS))).toBe(PETER_SIGNS);
    expect(formatVerifierKey(parseSignerKey(PETER_SIGNS))).toBe(PETER);
    expect(parseVerifierKey(PUBLIC_WITNESS).type).toBe(COSIGNATURE_V1);
    // C2SP signed-note: the key of its test vectors.
    const example = parseVerifierKey('example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k');
    expect(Buffer.from(example.publicKey).toString('hex')).toBe(
      'e932791ae6e7a840a46164c904786426d5e7821dd8b29a00d61cae72afdd4da4',
    );
  });

  test('no part of a key, and no changed letter, is a key', () => {
    for (const [key, parse] of [
      [PETER, parseVerifierKey],
      [PETER_SIGNS, parseSignerKey],
    ] as const) {
      for (let begin = 0; begin <= key.length; begin += 1)
        for (let end = begin + 1; end <= key.length; end += 1)
          if (begin > 0 || end < key.length) expect(() => parse(key.slice(begin, end))).toThrow(NoteError);
      for (let at = 0; at < key.length; at += 1) {
        const changed = key.slice(0, at) + String.fromCharCode(key.charCodeAt(at) + 1) + key.slice(at + 1);
        expect(() => parse(changed)).toThrow(NoteError);
      }
    }
  });

  test.each([
    ['too long, with its hash', 'PeterNeumann+cc469956+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWBADKEY=='],
    ['of an unknown kind, with its hash', 'PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW'],
    ['in two parts', 'bananas.sigstore.dev+12344556'],
    ['not base64', 'rekor.sigstore.dev+12345678+THIS_IS_NOT_BASE64!'],
    ['too short', 'rekor.sigstore.dev+12345678+AwEB'],
    ['with a space in its name', 'Peter Neumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW'],
    ['without a name', '+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW'],
    ['with the hash of another', ENOCH.replace('af0cfe78', 'c74f20a3')],
    ['with another name', PETER.replace('PeterNeumann', 'EnochRoot')],
    ['with its hash in capitals', PETER.replace('c74f20a3', 'C74F20A3')],
  ])('a key %s is none', (_, key) => expect(() => parseVerifierKey(key)).toThrow(NoteError));
});

describe('notes', () => {
  const both = `${TEXT}\n${PETER_LINE}${ENOCH_LINE}`;

  test('are signed with the very bytes that others sign with', () => {
    const signed = formatNote({ text: TEXT, signatures: [signText(TEXT, parseSignerKey(PETER_SIGNS))] });
    expect(signed).toBe(`${TEXT}\n${PETER_LINE}`);
  });

  test('are verified by each of their keys, and by no other', () => {
    const note = parseNote(both);
    expect(note.text).toBe(TEXT);
    expect(formatNote(note)).toBe(both);
    expect(vouchedBy(note, parseVerifierKey(PETER))).toEqual({ signed: true, seconds: null });
    expect(vouchedBy(note, parseVerifierKey(ENOCH))).toEqual({ signed: true, seconds: null });
    expect(vouchedBy(note, parseVerifierKey(PUBLIC_LOG))).toEqual({ signed: false });
    expect(vouchedBy(parseNote(`${TEXT}\n${ENOCH_LINE}`), parseVerifierKey(PETER))).toEqual({ signed: false });
    const renamed = verifierKeyFrom('EnochRoot', parseVerifierKey(PETER).publicKey, 1);
    expect(vouchedBy(note, renamed)).toEqual({ signed: false });
  });

  test('C2SP signed-note: its own test vector', () => {
    const line =
      '— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n';
    const key = parseVerifierKey('example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k');
    expect(vouchedBy(parseNote(`This is an example message.\n\n${line}`), key)).toMatchObject({ signed: true });
    expect(vouchedBy(parseNote(`This is an example massage.\n\n${line}`), key)).toEqual({ signed: false });
  });

  test('one changed bit of text or signature, and it is not signed', () => {
    const peter = parseVerifierKey(PETER);
    expect(vouchedBy(parseNote(both.replace('answer', 'ansver')), peter)).toEqual({ signed: false });
    const forged = PETER_LINE.replace('ZJku', 'ZJkv');
    expect(vouchedBy(parseNote(`${TEXT}\n${forged}`), peter)).toEqual({ signed: false });
    // A good one does not make up for a bad one of the same key.
    expect(vouchedBy(parseNote(`${TEXT}\n${PETER_LINE}${forged}`), peter)).toEqual({ signed: false });
    expect(vouchedBy(parseNote(`${TEXT}\n${forged}${PETER_LINE}`), peter)).toEqual({ signed: false });
  });

  test('a text may have empty lines: the last one ends it', () => {
    const text = 'one\n\ntwo\n\n\nthree\n';
    const key = parseSignerKey(PETER_SIGNS);
    const note = parseNote(formatNote({ text, signatures: [signText(text, key)] }));
    expect(note.text).toBe(text);
    expect(vouchedBy(note, key).signed).toBe(true);
  });

  test.each([
    ['no signature', TEXT],
    ['no signature behind the empty line', `${TEXT}\n`],
    ['no newline at its end', `${TEXT}\n${PETER_LINE.slice(0, -1)}`],
    ['a control character', `\u0001${TEXT}\n${PETER_LINE}`],
    ['a carriage return', `${TEXT.replace('\n', '\r\n')}\n${PETER_LINE}`],
    ['a space in a name', `${TEXT}\n${PETER_LINE.replace('PeterNeumann', 'Bad Name')}`],
    ['a plus in a name', `${TEXT}\n${PETER_LINE.replace('PeterNeumann', 'Bad+Name')}`],
    ['a line that is no signature', `${TEXT}\n${PETER_LINE}Unexpected line.\n`],
    ['a hyphen for the dash', `${TEXT}\n${PETER_LINE.replace('—', '-')}`],
    ['base64 without its padding', `${TEXT}\n${PETER_LINE.replace('=\n', '\n')}`],
    ['base64 with bits left over', `${TEXT}\n${PETER_LINE.replace('nAM=', 'nAN=')}`],
    ['a signature of four bytes', `${TEXT}\n— PeterNeumann x08gow==\n`],
    ['101 signatures', `${TEXT}\n${PETER_LINE.repeat(101)}`],
    ['an empty text', `\n${PETER_LINE}`],
  ])('a note with %s is none', (_, note) => expect(() => parseNote(note)).toThrow(NoteError));
});

describe('checkpoints', () => {
  /** torchwood, internal/witness/witness_test.go; the key is `ffdc2d4d…`. */
  const ORIGIN = 'sigsum.org/v1/tree/4d6d8825a6bb689d459628312889dfbb0bcd41b5211d9e1ce768b0ff0309e562';
  const KEY = verifierKeyFrom(
    ORIGIN,
    Buffer.from('ffdc2d4d98e4124d3feaf788c0c2f9abfd796083d1f0495437f302ec79cf100f', 'hex'),
    1,
  );
  const NOTE = `${ORIGIN}
3
RcCI1Nk56ZcSmIEfIn0SleqtV7uvrlXNccFx595Iwl0=

— ${ORIGIN} UgIom2VbtIcdFbwFAy1n7s6IkAxIY6J/GQOTuZF2ORV39d75cbAj2aQYwyJre36kezNobZs4SUUdrcawfAB8WVrx6go=
`;

  test('of other logs are verified', () => {
    expect(verifyCheckpoint(NOTE, [KEY])).toMatchObject({ origin: ORIGIN, size: 3, signedAt: null });
    const found = verifyCheckpoint(PUBLIC_NOTE, [parseVerifierKey(PUBLIC_LOG)]);
    expect([found.size, toBase64(found.root)]).toEqual([1_432_088_532, 'U7WM79jrzyhGZ5/GUBTpM7NzwdyfFx61t3RovgcC4Ro=']);
    expect(found.note.signatures).toHaveLength(6);
  });

  test('of another size or root, or with another key, are not', () => {
    const peter = parseVerifierKey(PETER);
    expect(() => verifyCheckpoint(NOTE.replace('\n3\n', '\n4\n'), [KEY])).toThrow(NoteError);
    expect(() => verifyCheckpoint(NOTE.replace('RcCI', 'RcCJ'), [KEY])).toThrow(NoteError);
    expect(() => verifyCheckpoint(NOTE, [peter])).toThrow('none of the keys has signed this checkpoint');
    expect(() => verifyCheckpoint(NOTE, [])).toThrow(NoteError);
    // What a witness says is not what the log says.
    expect(() => verifyCheckpoint(PUBLIC_NOTE, [parseVerifierKey(PUBLIC_WITNESS)])).toThrow(NoteError);
  });

  test('of another log are not taken for its own, though its key has signed them', () => {
    const key = signerKeyFrom('log.test/one', new Uint8Array(32).fill(1));
    const text = `log.test/other\n1\n${'A'.repeat(43)}=\n`;
    const note = formatNote({ text, signatures: [signText(text, key)] });
    expect(() => verifyCheckpoint(note, [key])).toThrow('a checkpoint of another log');
  });

  test.each([
    ['a size with a zero before it', 'o\n01\n'],
    ['a size below zero', 'o\n-1\n'],
    ['a size with a sign', 'o\n+1\n'],
    ['a size that is none', 'o\n1e3\n'],
    ['a size beyond what can be counted', 'o\n9007199254740993\n'],
    ['no origin', '\n1\n'],
  ])('with %s are none', (_, start) => {
    expect(() => parseCheckpoint(`${start}${'A'.repeat(43)}=\n`)).toThrow(NoteError);
  });

  test.each([
    ['a root of 31 bytes', `${'A'.repeat(42)}==\n`],
    ['a root of 33 bytes', `${'A'.repeat(44)}\n`],
    ['a root that is no base64', `${'?'.repeat(44)}\n`],
    ['no root', ''],
    ['an empty line among those that follow', `${'A'.repeat(43)}=\nmore\n\nmore\n`],
    ['no newline at the end', `${'A'.repeat(43)}=`],
  ])('with %s are none', (_, rest) => expect(() => parseCheckpoint(`o\n1\n${rest}`)).toThrow(NoteError));

  test('may have lines that say nothing here', () => {
    expect(parseCheckpoint(`o\n0\n${'A'.repeat(43)}=\nmore\n`)).toMatchObject({ origin: 'o', size: 0 });
  });
});

describe('cosignatures', () => {
  test('of a public witness are verified, with their time', () => {
    const note = parseNote(PUBLIC_NOTE);
    const witness = parseVerifierKey(PUBLIC_WITNESS);
    expect(vouchedBy(note, witness)).toEqual({ signed: true, seconds: Date.parse('2026-05-23T21:50:24Z') / 1000 });
    const changed = parseNote(PUBLIC_NOTE.replace('1432088532', '1432088533'));
    expect(vouchedBy(changed, witness)).toEqual({ signed: false });
  });

  test('cover their time, and the lines that follow the root', () => {
    const key = signerKeyFrom('witness.test/w', new Uint8Array(32).fill(3), COSIGNATURE_V1);
    const text = `o\n1\n${'A'.repeat(43)}=\nExtendo\n`;
    const cosignature = cosignText(text, key, 1_700_000_000);
    expect(vouchedBy({ text, signatures: [cosignature] }, key)).toEqual({ signed: true, seconds: 1_700_000_000 });
    expect(vouchedBy({ text: text.replace('Extendo', 'Extend@'), signatures: [cosignature] }, key).signed).toBe(false);
    const later = { ...cosignature, signature: Uint8Array.from(cosignature.signature) };
    later.signature[7] = (later.signature[7] ?? 0) + 1;
    expect(vouchedBy({ text, signatures: [later] }, key).signed).toBe(false);
    expect(formatSignature(cosignature)).toMatch(/^— witness\.test\/w [A-Za-z0-9+/]+={0,2}\n$/u);
  });

  test('are not taken for signatures, nor signatures for them, though one seed makes both', () => {
    const seed = new Uint8Array(32).fill(5);
    const [signs, cosigns] = [signerKeyFrom('o', seed), signerKeyFrom('o', seed, COSIGNATURE_V1)];
    const root = new Uint8Array(32);
    const note = parseNote(signCheckpoint({ origin: 'o', size: 1, root }, [signs], new Date(1_700_000_000_999)));
    expect(note.signatures).toHaveLength(2);
    const [plain, timed] = note.signatures;
    expect(vouchedBy(note, signs)).toEqual({ signed: true, seconds: null });
    expect(vouchedBy(note, cosigns)).toEqual({ signed: true, seconds: 1_700_000_000 });
    const exchanged = [
      { ...plain, hash: cosigns.hash },
      { ...timed, hash: signs.hash },
    ] as typeof note.signatures;
    expect(vouchedBy({ text: note.text, signatures: exchanged }, signs)).toEqual({ signed: false });
    expect(vouchedBy({ text: note.text, signatures: exchanged }, cosigns)).toEqual({ signed: false });
  });
});
