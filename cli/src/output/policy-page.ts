import type { ResponseOf } from '../../../functions/src/contract';
import type { policy } from '../../../functions/src/contract';
import { duration, fromNow } from './duration';
import { dayAndMinute } from './instant';
import type { Page } from './page';
import { paragraph } from './paragraph';
import { table } from './table';

type PolicyView = ResponseOf<'policy-get'>['policy'];

const MEANING: Record<policy.Mode, string> = {
  normal: 'Nothing is restricted.',
  degraded: 'Announced: nothing is forbidden by it.',
  read_only: 'All guarded writes are refused.',
  offline: 'Announced: your own code must keep from outside systems.',
};

/** What is restricted now. */
export const policyPage = ({ mode, since, until, by, reason }: PolicyView, { ink, now, width }: Page): string => {
  if (mode === 'normal') return `${ink.good('normal')}  ${MEANING.normal}`;
  const rows = [
    [
      'Since',
      since && `${dayAndMinute(since)} UTC  ${ink.faint(`for ${duration(now.getTime() - Date.parse(since))}`)}`,
    ],
    ['Until', until ? `${dayAndMinute(until)} UTC  ${ink.faint(fromNow(new Date(until), now))}` : 'someone ends it'],
    ['By', by],
    ['Reason', reason && paragraph(reason, width, ' '.repeat(10)).trim()],
  ].flatMap(([title, value]) => (title && value ? [[ink.faint(title), value]] : []));
  return `${ink.bad(ink.strong(mode))}  ${MEANING[mode]}\n${table(ink, rows, { indent: '  ' })}`;
};

export const degradedEntered = (
  { renewed, replaced, policy }: ResponseOf<'policy-enterDegraded'>,
  page: Page,
): string =>
  [
    renewed
      ? `The mode was on already: its reason and its end are new.`
      : `The mode ${policy.mode === 'read_only' ? 'binds' : 'is on'} from now on.`,
    ...(replaced ? [page.ink.bad(`It took the place of ${replaced}, which does not bind any more.`)] : []),
    policyPage(policy, page),
    page.ink.faint(`End it: muster degraded exit --mode ${policy.mode}`),
  ].join('\n\n');

export const degradedExited = ({ message, policy }: ResponseOf<'policy-exitDegraded'>, page: Page): string =>
  `${message}\n\n${policyPage(policy, page)}`;
