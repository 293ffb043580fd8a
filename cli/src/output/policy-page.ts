import type { policy, ResponseOf } from '@muster/contract';
import { endAsked, killSwitchLines } from './kill-switch-page';
import { dayAndMinute } from './instant';
import type { Page } from './page';
import { paragraph } from './paragraph';
import { restrictionRows } from './restriction-rows';
import { waitsForAnother } from './second-person';

type PolicyView = ResponseOf<'policy-get'>['policy'];

const MEANING: Record<Exclude<policy.Mode, 'normal'>, string> = {
  degraded: 'Announced: nothing is forbidden by it.',
  read_only: 'All guarded writes are refused.',
  offline: 'Guarded writes to outside systems are refused.',
};

/** The mode that is on; kill switches are apart from it. */
export const modePage = (
  mode: PolicyView,
  page: Page,
  normal = 'No mode is on.',
  endRequest: ResponseOf<'policy-get'>['modeEndRequest'] = null,
): string => {
  const { ink } = page;
  if (mode.mode === 'normal') return `${ink.good('normal')}  ${normal}`;
  const more: [string, string][] = endRequest ? [['Ending', endAsked(endRequest)]] : [];
  return `${ink.bad(ink.strong(mode.mode))}  ${MEANING[mode.mode]}\n${restrictionRows(mode, { noEnd: 'someone ends it', more }, page)}`;
};

/** Everything that is restricted now. */
export const policyPage = (
  { policy: mode, modeEndRequest, killSwitches, offline }: ResponseOf<'policy-get'>,
  page: Page,
): string => {
  if (killSwitches.length + offline.length === 0) return modePage(mode, page, 'Nothing is restricted.', modeEndRequest);
  const count = killSwitches.length === 1 ? 'One kill switch is on' : `${killSwitches.length} kill switches are on`;
  return [
    modePage(mode, page, undefined, modeEndRequest),
    ...(killSwitches.length === 0 ? [] : [page.ink.strong(`${count}:`)]),
    ...killSwitches.map((one) => killSwitchLines(one, page)),
    ...offline.map((one) => offlineLines(one, page)),
  ].join('\n\n');
};

/** A connector that is out: policy entered it, and policy leaves it. */
const offlineLines = (
  { connector, since, reason, activation }: ResponseOf<'policy-get'>['offline'][number],
  { ink, width }: Page,
): string =>
  [
    `${ink.bad(ink.strong(`connector ${connector}`))}  ${ink.bad('offline')} since ${dayAndMinute(since)} UTC`,
    paragraph(`${reason} It comes back by itself; what is sent meanwhile waits.`, width, '  '),
    ...(activation === null ? [] : [ink.faint(`  ${activation}`)]),
  ].join('\n');

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
    page.ink.faint(`End it: muster degraded exit --mode ${mode.mode}`),
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
