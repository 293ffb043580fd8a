/**
 * A participant's note in a running drill, as a client writes it through the rules: `muster_drills/{drill}/muster_notes/{id}`. The one
 * write of clients, because it must work offline. Pure; this shape is final.
 */

/** Of one author in one drill. Rules cannot count; so the id does. */
export const MOST_NOTES = 500;

/** What a client writes. `at` is the server's time (`serverTimestamp()`). */
export interface Note<Time> {
  author: string;
  at: Time;
  /** 1 to 4,000 characters, not white space alone, no control characters but line breaks and tabs. */
  text: string;
  /** When it was written, as its author's machine says: within the drill's run, and not after `at`. A claim, for a note written offline. */
  writtenAt?: Time;
}

/**
 * The id of an author's note of this number, 0 to 499. A number that is taken is refused like any change of a note (`permission-denied`):
 * the client sends the same note again under the next one, until it is let through or there is none left.
 */
export const noteId = (author: string, number: number): string => `${author}_${String(number).padStart(3, '0')}`;

/** The number of a note, by its id; null for one under an automatic id, as clients of 0.1.0 write them, which is shown as such. */
export const noteNumberOf = (id: string, author: string): number | null => {
  const digits = id.startsWith(`${author}_`) ? id.slice(author.length + 1) : '';
  return /^[0-4][0-9]{2}$/u.test(digits) ? Number(digits) : null;
};
