import type { ResponseOf } from '@muster/contract';
import type { Page } from '../output/page';
import { waitsForAnother } from '../output/second-person';
import { modePage } from '../policy/policy-page';

export const degradedEntered = (
  { renewed, replaced, policy: mode }: ResponseOf<'policy-enterDegraded'>,
  page: Page,
): string =>
  [
    renewed
      ? `The mode was on already: its reason and its end are new.`
      : `The mode ${mode.mode === 'degraded' ? 'is on' : 'binds'} from now on.`,
    ...(replaced ? [page.ink.bad(`It took the place of ${replaced}, which does not bind any more.`)] : []),
    modePage(mode, page),
    page.ink.faint(`End it: muster degraded exit ${mode.mode}`),
  ].join('\n\n');

/** What was asked to end, if something was named; a mode that stays on is not told as if it had ended. */
export const degradedExited = (
  { changed, message, policy: mode }: ResponseOf<'policy-exitDegraded'>,
  { asked, command }: { asked: string | undefined; command: string },
  page: Page,
): string => {
  const { ink } = page;
  if (changed || mode.mode === 'normal') return `${message}\n\n${modePage(mode, page)}`;
  if (asked !== undefined && asked !== mode.mode) {
    return `${ink.warn('Nothing was ended')}: ${message}\n\n${modePage(mode, page)}`;
  }
  const said = `${message}\n\n${modePage(mode, page)}`;
  return waitsForAnother({ notYet: 'NOT ENDED YET', still: 'the mode is on', message: said, command }, page);
};
