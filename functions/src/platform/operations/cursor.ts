import { badInput } from '@muster/core/errors';

/** A place in a list that is ordered by time and id, as an opaque word. */
export const toCursor = (at: Date, id: string): string =>
  Buffer.from(`${at.toISOString()} ${id}`).toString('base64url');

/** The years that contracts allow, and no id that Firestore reserves: it would fail on others, not refuse them. */
const PLACE = /^(2[01]\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z) (?!__)([A-Za-z0-9_-]{1,128})$/u;

/** The place again; a cursor that was not made here is refused by name. */
export const fromCursor = (cursor: string): { at: Date; id: string } => {
  const match = PLACE.exec(Buffer.from(cursor, 'base64url').toString('utf8'));
  const at = new Date(match?.[1] ?? Number.NaN);
  if (!match?.[2] || Number.isNaN(at.getTime())) {
    throw badInput([{ field: 'cursor', problem: 'not a nextCursor of an earlier answer' }]);
  }
  return { at, id: match[2] };
};
