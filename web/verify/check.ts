/** The check that the page makes: that of the command line, with the cryptography of a browser. */
import { parseRevelation, verifyExport, type Verdict } from '@muster/tlog/export';
import { ED25519, NoteError, parseVerifierKey, type VerifierKey } from '@muster/tlog/note';

/** Keys as someone pasted them, one a line. Throws `NoteError` for what is none. */
export const keysIn = (text: string): VerifierKey[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => {
      const key = parseVerifierKey(line);
      if (key.type !== ED25519) throw new NoteError('this is the key of a witness, and not of a log');
      return key;
    });

export interface Given {
  /** The key of the log, from somewhere else than the file. */
  keys: string;
  /** A signed head that was kept. */
  head: string;
  /** A field that was revealed since, as JSON. */
  revealed: string;
  now: Date;
  onProgress: (bytes: number) => void;
}

export const check = (
  chunks: AsyncIterable<Uint8Array>,
  { keys, head, revealed, now, onProgress }: Given,
): Promise<Verdict> =>
  verifyExport(chunks, {
    keys: keysIn(keys),
    held: head.trim() === '' ? [] : [`${head.trim()}\n`],
    revealed: revealed.trim() === '' ? [] : [parseRevelation(revealed)],
    now,
    onProgress,
  });
