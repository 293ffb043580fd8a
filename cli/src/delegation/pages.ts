import type { delegations, ResponseOf } from '@muster/contract';
import { moreHint } from '../output/more-hint';
import { fromNow } from '../output/duration';
import { dayAndMinute } from '../output/instant';
import type { Ink } from '../output/ink';
import type { Page } from '../output/page';
import { paragraph } from '../output/paragraph';
import { table } from '../output/table';

type Delegation = delegations.DelegationView;

/** Whether something that was granted still holds. */
export const stateWords = (state: Delegation['state'] | 'waiting', { good, faint, warn }: Ink): string =>
  ({
    active: good('active'),
    expired: faint('expired'),
    revoked: warn('revoked'),
    waiting: warn('waiting'),
  })[state];

const whatFor = ({ capabilities, scope }: Delegation): string =>
  `${capabilities.join(', ')}${scope === null ? '' : ` (only ${scope})`}`;

export const delegationGranted = ({ delegation }: ResponseOf<'delegations-grant'>, { ink, now }: Page): string => {
  const { id, agent, owner, expiresAt } = delegation;
  const end = `${dayAndMinute(expiresAt)} UTC (${fromNow(new Date(expiresAt), now)})`;
  return [
    `${ink.good('Granted')} ${ink.strong(id)}: ${agent} may act for ${owner} until ${end}.`,
    `For: ${whatFor(delegation)}.`,
    ink.faint('It ends sooner with the session in which you granted it, if that is revoked.'),
    ink.faint(`End it: muster delegation revoke ${id} --reason …`),
  ].join('\n');
};

export const delegationRevoked = (
  { changed, delegation: { id, agent, owner, revokedAt, revokedBy, state } }: ResponseOf<'delegations-revoke'>,
  { ink }: Page,
): string => {
  if (changed) return `${ink.good('Revoked')} ${id}: from now on ${agent} may not act for ${owner} by it.`;
  const before =
    revokedAt === null ? `it is ${state}` : `revoked ${dayAndMinute(revokedAt)} UTC by ${revokedBy ?? '?'}`;
  return `Nothing was changed: ${id} had ended already (${before}).`;
};

export const delegationList = ({ delegations, nextCursor }: ResponseOf<'delegations-list'>, page: Page): string => {
  if (delegations.length === 0) return 'No delegation matches.';
  const { ink, width } = page;
  const rows = delegations.map((one) => [
    one.id,
    stateWords(one.state, ink),
    dayAndMinute(one.expiresAt),
    `${one.agent} for ${one.owner}`,
  ]);
  const head = ['id', 'state', 'until (UTC)', 'who'];
  const [titles = '', ...facts] = table(ink, rows, { head }).split('\n');
  const lines = delegations.flatMap((one, index) => [
    facts[index] ?? '',
    ...paragraph(`${whatFor(one)}: ${one.reason}`, width, '  ')
      .split('\n')
      .map(ink.faint),
  ]);
  return [titles, ...lines, ...(nextCursor === null ? [] : ['', moreHint(nextCursor)])].join('\n');
};
