import type { exemptions, ResponseOf } from '@muster/contract';
import { stateWords } from '../delegation/pages';
import { moreHint } from '../output/more-hint';
import { fromNow } from '../output/duration';
import { dayAndMinute } from '../output/instant';
import { killedWords } from '../policy/kill-switch-page';
import type { Page } from '../output/page';
import { paragraph } from '../output/paragraph';
import { waitsForAnother } from '../output/second-person';
import { table } from '../output/table';

const pierced = ({ from }: exemptions.ExemptionView): string => from.map(({ name }) => killedWords(name)).join(', ');

export const exemptionGranted = (
  { exemption, end: how, message }: ResponseOf<'exemptions-grant'>,
  command: string,
  page: Page,
): string => {
  const { ink, now, width } = page;
  const { id, owner, capability, until } = exemption;
  if (exemption.state === 'waiting') {
    const words = paragraph(message, width, '');
    return waitsForAnother({ notYet: 'NOT EXEMPT YET', still: 'it is refused', message: words, command }, page);
  }
  const end = `${dayAndMinute(until)} UTC (${fromNow(new Date(until), now)})`;
  return [
    `${ink.good('Granted')} ${ink.strong(id)}: ${capability} for ${owner} until ${end}.`,
    `It pierces: ${pierced(exemption)}.`,
    ...(how === 'break_glass' ? [ink.warn('The glass was broken: this is marked in the audit and reported.')] : []),
    ink.faint('It ends with what it pierces, and pierces no later restriction.'),
    ink.faint(`End it: muster exemption revoke ${id} --reason …`),
  ].join('\n');
};

export const exemptionRevoked = (
  { changed, exemption: { id, owner, capability, state } }: ResponseOf<'exemptions-revoke'>,
  { ink }: Page,
): string =>
  changed
    ? `${ink.good('Revoked')} ${id}: from now on ${owner} is refused ${capability} like everyone.`
    : `Nothing was changed: ${id} had ended already (it is ${state}).`;

export const exemptionList = ({ exemptions, nextCursor }: ResponseOf<'exemptions-list'>, page: Page): string => {
  if (exemptions.length === 0) return 'No exemption matches.';
  const { ink, width } = page;
  const rows = exemptions.map((one) => [
    one.id,
    stateWords(one.state, ink),
    dayAndMinute(one.until),
    one.capability,
    `for ${one.owner}`,
  ]);
  const head = ['id', 'state', 'until (UTC)', 'capability', 'whom'];
  const [titles = '', ...facts] = table(ink, rows, { head }).split('\n');
  const lines = exemptions.flatMap((one, index) => [
    facts[index] ?? '',
    ...paragraph(
      `pierces ${pierced(one)}, ${one.grantedBy === null ? `asked for by ${one.requestedBy ?? '?'}` : `by ${one.grantedBy}`}: ${one.justification}`,
      width,
      '  ',
    )
      .split('\n')
      .map(ink.faint),
  ]);
  return [titles, ...lines, ...(nextCursor === null ? [] : ['', moreHint(nextCursor)])].join('\n');
};
