import type * as z from 'zod';
import type { drills } from '@muster/contract';
import { duration } from '../output/duration';
import { day, timeOfDay } from '../output/instant';
import type { Page } from '../output/page';
import { paragraph } from '../output/paragraph';

type DrillEvent = z.infer<typeof drills.drillEvent>;

interface Options {
  startedAt: string | null;
  endedAt: string | null;
}

/**
 * What happened, in order. An event that was corrected stays, struck through and with the words that say so,
 * because the history is appended to; what counts instead names what it corrects.
 */
export const timeline = (events: readonly DrillEvent[], { startedAt, endedAt }: Options, page: Page): string => {
  const severalDays = daysOf(events).length > 1;
  const typeWidth = Math.max(...events.map(({ type }) => shownType(type).length));
  const width = Math.max(...events.map(({ at }) => timeOfDay(at).length), 5);
  const offsets = new Map(events.map((event) => [event.id, offset(event.at, startedAt)]));
  const offsetWidth = Math.max(...[...offsets.values()].map(({ length }) => length));
  let dayBefore = '';
  return events
    .flatMap((event) => {
      const heading = severalDays && day(event.at) !== dayBefore ? [`  ${page.ink.faint(day(event.at))}`] : [];
      dayBefore = day(event.at);
      const margin = {
        time: timeOfDay(event.at).padEnd(width),
        offset: (offsets.get(event.id) ?? '').padStart(offsetWidth),
        typeWidth,
      };
      return [...heading, ...eventLines(event, margin, endedAt, page)];
    })
    .join('\n');
};

/** Each day once, in order. */
export const daysOf = (events: readonly DrillEvent[]): string[] => [...new Set(events.map(({ at }) => day(at)))];

const shownType = (type: DrillEvent['type']): string =>
  type === 'safety_breach' ? '! safety breach' : type.replaceAll('_', ' ');

const offset = (at: string, startedAt: string | null): string => {
  if (startedAt === null) return '';
  const ms = Date.parse(at) - Date.parse(startedAt);
  return ms < 0 ? `-${duration(-ms)}` : `+${duration(ms)}`;
};

const eventLines = (
  event: DrillEvent,
  margin: { time: string; offset: string; typeWidth: number },
  endedAt: string | null,
  { ink, width }: Page,
): string[] => {
  const gone = event.supersededBy !== null;
  const struck = (text: string) => (gone ? ink.faint(ink.struck(text)) : text);
  const indent = ' '.repeat(2 + margin.time.length + 2 + margin.offset.length + 2);
  const words = shownType(event.type);
  const name = gone ? struck(words) : event.type === 'safety_breach' ? ink.bad(words) : ink.strong(words);
  const gap = ' '.repeat(margin.typeWidth - words.length);
  const head = `  ${struck(margin.time)}  ${ink.faint(margin.offset)}  ${name}${gap}  ${ink.faint(event.id)}`;
  const remarks = [
    ...(gone ? [`superseded: ${event.supersededBy} counts instead`] : []),
    ...(event.supersedes === null ? [] : [`corrects ${event.supersedes}`]),
    ...(event.seenBy === null ? [] : [`seen by ${event.seenBy}`]),
    ...(isLate(event, endedAt) ? [`recorded afterwards, ${event.recordedAt.slice(0, 16).replace('T', ' ')}`] : []),
  ];
  return [
    head,
    ...(event.note === null ? [] : [paragraph(event.note, width, indent)]),
    ...remarks.map((remark) => `${indent}${(gone ? ink.warn : ink.faint)(remark)}`),
  ];
};

/** Entered after the drill was over: whoever reads the figures should know. */
const isLate = ({ type, recordedAt }: DrillEvent, endedAt: string | null): boolean =>
  type !== 'completed' && endedAt !== null && Date.parse(recordedAt) - Date.parse(endedAt) > 60_000;
