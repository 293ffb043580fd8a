import type { proposals, ResponseOf } from '@muster/contract';
import { moreHint } from '../output/more-hint';
import { fromNow } from '../output/duration';
import { dayAndMinute } from '../output/instant';
import type { Ink } from '../output/ink';
import type { Page } from '../output/page';
import { paragraph } from '../output/paragraph';
import { table } from '../output/table';

type Proposal = proposals.ProposalView;

const statusWords = (status: Proposal['status'], { good, bad, warn, faint }: Ink): string =>
  ({
    proposed: warn('proposed'),
    approved: good('approved'),
    rejected: bad('rejected'),
    executed: 'executed',
    expired: faint('expired'),
  })[status];

const who = ({ actor, owner, ownerLabel, proposedBy }: Proposal): string =>
  [
    actor,
    ...(actor === owner ? [] : [`for ${owner}`]),
    ...(ownerLabel === null ? [] : [`(said to be for ${ownerLabel})`]),
    ...(proposedBy === actor ? [] : [`, asked for by ${proposedBy}`]),
  ]
    .join(' ')
    .replace(' ,', ',');

const inputLines = ({ input }: Proposal): string[] =>
  Object.keys(input).length === 0
    ? []
    : [
        'Input:',
        ...JSON.stringify(input, null, 2)
          .split('\n')
          .map((line) => `  ${line}`),
      ];

export const proposalRequested = ({ proposal }: ResponseOf<'proposals-request'>, { ink, now }: Page): string => {
  const { id, capability, expiresAt } = proposal;
  return [
    `${ink.good('Proposed')} ${ink.strong(id)}: ${capability} by ${who(proposal)}. Nothing is done yet.`,
    `It is over ${fromNow(new Date(expiresAt), now)} if nobody has done it by then.`,
    ink.faint(`Next, by staff: muster proposal approve ${id}`),
  ].join('\n');
};

export const proposalDecided = (
  { changed, proposal }: ResponseOf<'proposals-approve' | 'proposals-reject'>,
  { ink }: Page,
): string => {
  const { id, capability, status, actor, decidedBy } = proposal;
  const by = decidedBy === null ? '' : ` by ${decidedBy}`;
  if (!changed) return `Nothing was changed: ${id} was ${status} already${by}.`;
  if (status === 'rejected')
    return `${ink.good('Rejected')} ${id}: ${capability} by ${who(proposal)} is not to be done.`;
  return [
    `${ink.good('Approved')} ${id}: ${capability} by ${who(proposal)} may be done once.`,
    ...inputLines(proposal),
    ink.faint(`Next, by ${actor}: muster proposal execute ${id}`),
  ].join('\n');
};

export const proposalReopened = ({ changed, proposal }: ResponseOf<'proposals-reopen'>, { ink, now }: Page): string => {
  const { id, capability, expiresAt } = proposal;
  if (!changed) return `Nothing was changed: ${id} waits for an approval already.`;
  return [
    `${ink.good('Reopened')} ${id}: ${capability} by ${who(proposal)} waits for an approval again.`,
    `It is over ${fromNow(new Date(expiresAt), now)} if nobody has done it by then.`,
    ink.faint(`Next, by staff: muster proposal approve ${id}`),
  ].join('\n');
};

/** Whoever reads "now" does it; whoever does not, must not. */
export const proposalExecuted = ({ changed, proposal }: ResponseOf<'proposals-execute'>, { ink }: Page): string => {
  const { id, capability, executedAt, executedBy } = proposal;
  if (changed) {
    return [`${ink.good('Yours to do, now, once')}: ${capability} (${id}).`, ...inputLines(proposal)].join('\n');
  }
  const when = executedAt === null ? '' : ` at ${dayAndMinute(executedAt)} UTC by ${executedBy ?? '?'}`;
  return `${ink.bad('Do not do it again')}: ${id} was taken already${when}.`;
};

export const proposalList = ({ proposals, nextCursor }: ResponseOf<'proposals-list'>, page: Page): string => {
  if (proposals.length === 0) return 'No proposal matches.';
  const { ink, width } = page;
  const rows = proposals.map((one) => [
    one.id,
    statusWords(one.status, ink),
    dayAndMinute(one.requestedAt),
    one.capability,
    who(one),
  ]);
  const head = ['id', 'status', 'asked (UTC)', 'capability', 'who'];
  const [titles = '', ...facts] = table(ink, rows, { head }).split('\n');
  const lines = proposals.flatMap((one, index) => [
    facts[index] ?? '',
    ...paragraph(`${one.rationale}${decided(one)}`, width, '  ')
      .split('\n')
      .map(ink.faint),
  ]);
  return [titles, ...lines, ...(nextCursor === null ? [] : ['', moreHint(nextCursor)])].join('\n');
};

const decided = ({ status, decidedBy, decisionReason }: Proposal): string => {
  if (decidedBy === null) return '';
  const verb = status === 'rejected' ? 'rejected' : 'approved';
  return ` (${verb} by ${decidedBy}${decisionReason === null ? '' : `: ${decisionReason}`})`;
};
