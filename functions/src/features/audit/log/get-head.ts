import { defineRead } from '../../../platform/operations/define-read';
import { newestUpTo, oldestFrom, toTreeHead, type LogCheckpoint } from './log-documents';
import { readHead } from './log-reader';
import { retentionDaysOf } from './retention';

/** `audit-head`: the revocation record, the head, and another head if one of another time is asked for. */
export const getHead = defineRead('audit-head', {
  cost: { reads: 3, writes: 0 },
  async answer({ work, limits }, { atOrBefore, atOrAfter }) {
    const newest = await readHead(work);
    let head: LogCheckpoint | undefined = newest;
    if (atOrBefore !== undefined) [head] = (await work.find(newestUpTo(new Date(atOrBefore)))).map(({ data }) => data);
    if (atOrAfter !== undefined) [head] = (await work.find(oldestFrom(new Date(atOrAfter)))).map(({ data }) => data);
    return { head: head ? toTreeHead(head) : null, keys: newest?.keys ?? [], retentionDays: retentionDaysOf(limits) };
  },
});
