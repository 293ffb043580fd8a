import { badInput } from './errors';

/** A place in a list that is ordered by time and id, as an opaque word. */
export const toCursor = (at: Date, id: string): string =>
  Buffer.from(`${at.toISOString()} ${id}`).toString('base64url');

/** The place again; a cursor that was not made here is refused by name. */
export const fromCursor = (cursor: string): { at: Date; id: string } => {
  const match = /^(\S+) ([A-Za-z0-9_-]{1,128})$/u.exec(Buffer.from(cursor, 'base64url').toString('utf8'));
  const at = new Date(match?.[1] ?? Number.NaN);
  if (!match?.[2] || Number.isNaN(at.getTime())) {
    throw badInput([{ field: 'cursor', problem: 'not a nextCursor of an earlier answer' }]);
  }
  return { at, id: match[2] };
};
