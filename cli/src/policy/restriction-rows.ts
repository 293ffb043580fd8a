import type { policy } from '@muster/contract';
import { duration, fromNow } from '../output/duration';
import { dayAndMinute } from '../output/instant';
import type { Page } from '../output/page';
import { paragraph } from '../output/paragraph';
import { table } from '../output/table';

type Standing = Pick<policy.KillSwitchView, 'until'> & Record<'since' | 'by' | 'reason', string | null>;

/** Since when, until when, by whom and why, and what else there is to say of it. */
export const restrictionRows = (
  { since, until, by, reason }: Standing,
  { noEnd, more = [] }: { noEnd: string; more?: readonly (readonly [title: string, value: string])[] },
  { ink, now, width }: Page,
): string => {
  const rows = [
    [
      'Since',
      since && `${dayAndMinute(since)} UTC  ${ink.faint(`for ${duration(now.getTime() - Date.parse(since))}`)}`,
    ],
    ['Until', until ? `${dayAndMinute(until)} UTC  ${ink.faint(fromNow(new Date(until), now))}` : noEnd],
    ['By', by],
    ['Reason', reason && paragraph(reason, width, ' '.repeat(12)).trim()],
    ...more,
  ].flatMap(([title, value]) => (title && value ? [[ink.faint(title), value]] : []));
  return table(ink, rows, { indent: '  ' });
};
