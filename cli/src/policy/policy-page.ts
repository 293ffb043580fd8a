import type { policy, ResponseOf } from '@muster/contract';
import { endAsked, killSwitchLines } from './kill-switch-page';
import { dayAndMinute } from '../output/instant';
import type { Page } from '../output/page';
import { paragraph } from '../output/paragraph';
import { restrictionRows } from './restriction-rows';

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
