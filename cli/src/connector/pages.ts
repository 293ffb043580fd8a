import type { ResponseOf } from '@muster/contract';
import { moreHint } from '../output/more-hint';
import { duration } from '../output/duration';
import type { Ink } from '../output/ink';
import { dayAndMinute } from '../output/instant';
import type { Page } from '../output/page';
import { paragraph } from '../output/paragraph';
import { table } from '../output/table';

type Health = ResponseOf<'connectors-health'>['connectors'][number];
type Connector = ResponseOf<'connectors-list'>['connectors'][number];

const FAILURE: Record<NonNullable<Connector['lastFailure']>, string> = {
  timeout: 'it did not answer in time',
  address_refused: 'its name leads to an address that is not public',
  redirect: 'it redirects, and no redirect is followed',
  bad_status: 'it answered with an error',
  too_large: 'its answer is too large',
  incomplete: 'its answer broke off',
  certificate: 'its certificate does not fit',
  unreachable: 'it cannot be reached',
};

export const failureWords = (failure: Connector['lastFailure']): string => (failure === null ? '' : FAILURE[failure]);

const stateWords = (state: Health['state'], { good, warn, bad, faint }: Ink): string => {
  if (state === 'up') return good('up');
  if (state === 'unknown') return faint('not asked yet');
  return state === 'down' || state === 'paused' ? warn(state) : bad(state);
};

const ago = (iso: string | null, now: Date): string =>
  iso === null ? 'never' : `${duration(Math.max(0, now.getTime() - Date.parse(iso)))} ago`;

/** A line for each; what is wrong and what waits is under it. */
export const connectorHealth = ({ connectors }: ResponseOf<'connectors-health'>, page: Page): string => {
  if (connectors.length === 0) return 'No connector is registered: muster connector register.';
  const { ink, now, width } = page;
  const rows = connectors.map((one) => [
    ink.strong(one.id),
    stateWords(one.state, ink),
    one.latencyMs === null ? '' : `${one.latencyMs} ms`,
    ago(one.lastOkAt, now),
    one.waiting + one.dead === 0
      ? ''
      : `${one.waiting} waiting, ${one.held === 0 ? '' : `${one.held} of them held, `}${one.dead} dead`,
  ]);
  const [titles = '', ...facts] = table(ink, rows, {
    head: ['connector', 'state', 'latency', 'last fine', 'queue'],
  }).split('\n');
  const lines = connectors.flatMap((one, index) => [
    facts[index] ?? '',
    ...storyOf(one).flatMap((text) => paragraph(text, width, '  ').split('\n').map(ink.faint)),
  ]);
  return [titles, ...lines].join('\n');
};

const storyOf = ({ id, state, breaker, lastFailure, offlineSince, dead, held }: Health): string[] => [
  ...(lastFailure === null
    ? []
    : [`${failureWords(lastFailure)}${breaker === 'open' ? '; not asked for a while' : ''}`]),
  ...(offlineSince === null
    ? []
    : [`offline since ${dayAndMinute(offlineSince)} UTC: it comes back by itself, and what is sent waits`]),
  ...(state === 'paused' ? ['paused, or nothing may be written: muster policy'] : []),
  ...(state === 'damaged' ? [`its record cannot be read: register it anew (muster connector register ${id} …)`] : []),
  ...(held > 0 ? [`its destination was changed: what waits is held (muster connector release ${id} …)`] : []),
  ...(dead > 0 ? [`dead letters: muster connector writes --connector ${id} --status dead`] : []),
];

export const connectorRegistered = (
  { changed, replaced, held, connector }: ResponseOf<'connectors-register'>,
  { ink }: Page,
): string => {
  const { id, deliverTo } = connector;
  if (!changed) return `Nothing was changed: ${id} is set up like this already.`;
  return [
    replaced
      ? `${ink.good('Changed')} ${ink.strong(id)}: what was found of it before is forgotten.`
      : `${ink.good('Registered')} ${ink.strong(id)}: asked from now on, once a minute.`,
    ...(held > 0
      ? [
          ink.warn(
            `${held} waited to go elsewhere. They are held: another releases them (muster connector release ${id} …).`,
          ),
        ]
      : []),
    ...(connector.offlineSince === null ? [] : [ink.warn('It stays offline until it was asked, and found fine.')]),
    ...(deliverTo === null ? [ink.faint('Nothing can be queued for it: it has no --deliver-to.')] : []),
    ink.faint(`Ask it now: muster connector probe ${id}`),
  ].join('\n');
};

export const connectorList = ({ connectors, nextCursor }: ResponseOf<'connectors-list'>, { ink }: Page): string => {
  if (connectors.length === 0) return 'No connector is registered: muster connector register.';
  const rows = connectors.map((one) => [
    ink.strong(one.id),
    one.name,
    `${one.failuresToOpen} failures, ${one.retryAfterSeconds} s`,
    `${one.successesToClose} successes, ${one.offlineAtLeastSeconds} s`,
    one.url,
    one.deliverTo ?? '',
  ]);
  const head = ['connector', 'name', 'offline after', 'back after', 'asked at', 'delivered to'];
  return [table(ink, rows, { head }), ...(nextCursor === null ? [] : ['', moreHint(nextCursor)])].join('\n');
};

export const connectorProbed = ({ probed, ok, connector }: ResponseOf<'connectors-probe'>, { ink }: Page): string => {
  const { id, latencyMs, lastFailure, breaker, offlineSince } = connector;
  if (!probed)
    return `Not asked: the breaker of ${id} is open after ${failureWords(lastFailure)}. It is asked again soon.`;
  const offline = offlineSince === null ? '' : ` It is offline since ${dayAndMinute(offlineSince)} UTC.`;
  return ok
    ? `${ink.good('Fine')}: ${ink.strong(id)} answered in ${latencyMs ?? '?'} ms.${offline}`
    : `${ink.bad('Not fine')}: ${ink.strong(id)}: ${failureWords(lastFailure)}; breaker ${breaker.replace('_', ' ')}.${offline}`;
};
