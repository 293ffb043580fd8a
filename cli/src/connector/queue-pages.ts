import type { ResponseOf } from '@muster/contract';
import { failureWords } from './pages';
import { moreHint } from '../output/more-hint';
import { dayAndMinute } from '../output/instant';
import type { Ink } from '../output/ink';
import type { Page } from '../output/page';
import { table } from '../output/table';

type Write = ResponseOf<'connectors-writes'>['writes'][number];

const DEAD: Record<NonNullable<Write['deadReason']>, string> = {
  rejected: 'its receiver said no',
  tried_too_often: 'tried too often',
  in_doubt: 'sent, and nobody knows whether it arrived',
  discarded: 'discarded',
  session_ended: 'the session in which it was queued was ended',
};

const STOPPED: Record<NonNullable<ResponseOf<'connectors-deliver'>['stopped']>, string> = {
  offline: 'The connector is offline: the rest waits for its return.',
  restricted: 'Writing to it is forbidden now (muster policy): the rest waits.',
  failing: 'A delivery failed: the rest waits for the next minute.',
  busy: 'Another delivery is at it.',
  held: 'Its destination was changed while these waited: another than who did that looks at it, and releases them (muster connector release) or discards them.',
  time: 'Time is up: the rest is delivered with the next minute, or by this command again.',
};

export const sent = ({ offline, writes, waiting }: ResponseOf<'connectors-send'>, { ink }: Page): string =>
  [
    `${ink.good('Queued')} ${writes.map(({ id }) => ink.strong(id)).join(', ')}.`,
    offline
      ? ink.warn(`The connector is offline: ${waiting} wait for its return.`)
      : `${waiting} ${waiting === 1 ? 'waits' : 'wait'}; delivered within a minute.`,
  ].join('\n');

export const delivered = (
  { delivered: done, dead, waiting, stopped }: ResponseOf<'connectors-deliver'>,
  { ink }: Page,
): string =>
  [
    `${ink.good(`${done} delivered`)}, ${dead === 0 ? 'none' : ink.bad(String(dead))} dead, ${waiting} waiting.`,
    ...(stopped === null ? [] : [ink.warn(STOPPED[stopped])]),
  ].join('\n');

export const writeList = ({ writes, nextCursor }: ResponseOf<'connectors-writes'>, { ink }: Page): string => {
  if (writes.length === 0) return 'No write matches.';
  const rows = writes.map((one) => [
    one.id,
    `${one.connectorId} #${one.sequence}`,
    statusWords(one, ink),
    dayAndMinute(one.queuedAt),
    String(one.attempts),
    one.kind,
    whyNot(one),
  ]);
  const head = ['id', 'connector', 'status', 'queued (UTC)', 'tries', 'kind', 'last trouble'];
  return [table(ink, rows, { head }), ...(nextCursor === null ? [] : ['', moreHint(nextCursor)])].join('\n');
};

const statusWords = ({ status }: Write, { good, bad }: Ink): string => {
  if (status === 'dead') return bad('dead');
  return status === 'delivered' ? good('delivered') : 'waiting';
};

const whyNot = ({ deadReason, lastFailure, lastStatus }: Write): string =>
  [
    deadReason === null ? '' : DEAD[deadReason],
    lastStatus === null ? failureWords(lastFailure) : `answered ${lastStatus}`,
  ]
    .filter((text) => text !== '')
    .join(', ');

export const redelivered = ({ changed, write }: ResponseOf<'connectors-redeliver'>, { ink }: Page): string =>
  changed
    ? `${ink.good('Queued again')}: ${ink.strong(write.id)}, as number ${write.sequence} of ${write.connectorId}.`
    : `Nothing was changed: ${write.id} is ${write.status}.`;

export const released = (
  { changed, released: count, held, end }: ResponseOf<'connectors-release'>,
  { ink }: Page,
): string => {
  if (!changed) return 'Nothing was held.';
  return [
    `${ink.good('Released')}: ${count} ${count === 1 ? 'write goes' : 'writes go'} out with the next minute, to the new address.`,
    ...(held > 0 ? [ink.warn(`${held} go on being held: others queued them.`)] : []),
    ...(end === 'break_glass' ? [ink.warn('The glass was broken: this is marked in the audit and reported.')] : []),
  ].join('\n');
};

export const discarded = ({ changed, discarded: count }: ResponseOf<'connectors-discard'>, { ink }: Page): string =>
  changed
    ? `${ink.good('Discarded')}: ${count} ${count === 1 ? 'write' : 'writes'} will not go out; they are dead letters now.`
    : 'Nothing waited.';
