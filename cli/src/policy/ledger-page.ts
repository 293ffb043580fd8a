import type { policy, ResponseOf } from '@muster/contract';
import { moreHint } from '../output/more-hint';
import { duration } from '../output/duration';
import { dayAndMinute } from '../output/instant';
import type { Ink } from '../output/ink';
import { killedWords } from './kill-switch-page';
import type { Page } from '../output/page';
import { paragraph } from '../output/paragraph';
import { table } from '../output/table';

type Activation = policy.ActivationView;

const END: Record<NonNullable<Activation['end']>, string> = {
  restored: 'restored',
  break_glass: 'restored by breaking the glass',
  expired: 'wore off',
  exited: 'ended',
  replaced: 'replaced by another mode',
  recovered: 'recovered',
  registered_anew: 'registered anew',
  removed: 'removed',
};

/** Every activation: a line of facts to scan, and under it who, why, and what it refused. */
export const ledgerPage = ({ activations, nextCursor }: ResponseOf<'policy-ledger'>, page: Page): string => {
  if (activations.length === 0) return 'No activation matches.';
  const { ink, width } = page;
  const head = ['since (UTC)', 'what', 'lasted', 'refused', 'end'];
  const [titles = '', ...facts] = table(
    ink,
    activations.map((one) => factsOf(one, ink)),
    { head },
  ).split('\n');
  const lines = activations.flatMap((one, index) => [
    facts[index] ?? '',
    ...storyOf(one).flatMap((text) => paragraph(text, width, ' '.repeat(18)).split('\n').map(ink.faint)),
  ]);
  return [titles, ...lines, ...(nextCursor === null ? [] : ['', moreHint(nextCursor)])].join('\n');
};

const factsOf = ({ kind, name, since, durationMs, denied, end }: Activation, ink: Ink): string[] => [
  dayAndMinute(since),
  ink.strong(whatOf(kind, name)),
  duration(durationMs),
  String(denied.total),
  end === null ? ink.bad('is on') : end === 'break_glass' ? ink.warn(END[end]) : END[end],
];

const whatOf = (kind: Activation['kind'], name: string): string => {
  if (kind === 'mode') return `mode ${name}`;
  return kind === 'kill_switch' ? killedWords(name) : `connector ${name} offline`;
};

const storyOf = ({ id, until, by, reason, renewals, denied, endedAt, endedBy, endReason }: Activation): string[] => {
  const most = Object.entries(denied.byCapability).toSorted(([, one], [, other]) => other - one);
  return [
    `${id}, by ${by}: ${reason}`,
    ...renewals.map((one) => `renewed ${dayAndMinute(one.at)} by ${one.by}${upTo(one.until)}: ${one.reason}`),
    ...(most.length > 0 ? [`refused ${most.map(([name, count]) => `${name} ${count}`).join(', ')}`] : []),
    ...(endedAt === null && until !== null ? [`wears off ${dayAndMinute(until)}`] : []),
    ...(endedAt === null
      ? []
      : [
          `ended ${dayAndMinute(endedAt)}${endedBy === null ? '' : ` by ${endedBy}`}${endReason === null ? '' : `: ${endReason}`}`,
        ]),
  ];
};

const upTo = (until: string | null): string => (until === null ? '' : ` until ${dayAndMinute(until)}`);
