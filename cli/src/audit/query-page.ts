import type { audit, ResponseOf } from '@muster/contract';
import { moreHint } from '../output/more-hint';
import type { Page } from '../output/page';
import { paragraph } from '../output/paragraph';
import { table } from '../output/table';

/** Who did what, newest first: a line of facts to scan, and under it who and why. */
export const auditPage = ({ entries, nextCursor }: ResponseOf<'audit-query'>, page: Page): string => {
  if (entries.length === 0) return 'No entry matches.';
  const { ink, width } = page;
  const facts = table(
    ink,
    entries.map((entry) => [
      entry.at.slice(0, 19).replace('T', ' '),
      ink.strong(entry.action),
      entry.target,
      [
        ...(entry.outcome === 'success' ? [] : [ink.bad(entry.outcome)]),
        ...(entry.severity === null ? [] : [entry.severity]),
        ...(entry.exercise ? [ink.faint('exercise')] : []),
        ...(entry.leafIndex === null ? [ink.faint('not sealed yet')] : []),
      ].join(', '),
    ]),
  ).split('\n');
  const indent = ' '.repeat(21);
  const lines = entries.flatMap((entry, index) => [
    facts[index] ?? '',
    ...paragraph(whoAndWhy(entry), width, indent).split('\n').map(ink.faint),
  ]);
  return [ink.faint('at (UTC)'), ...lines, ...(nextCursor === null ? [] : ['', moreHint(nextCursor)])].join('\n');
};

export const whoAndWhy = (entry: audit.AuditRow): string => `${entry.actorType} ${entry.actorId}${about(entry)}`;

/** The reason that was given, and the short facts of the entry. */
const about = ({ rationale, metadata }: audit.AuditRow): string => {
  const facts = Object.entries(metadata)
    .filter(([, value]) => value !== rationale && ['string', 'number', 'boolean'].includes(typeof value))
    .map(([name, value]) => `${name} ${String(value)}`);
  return [
    ...(rationale === null ? [] : [`: ${rationale}`]),
    ...(facts.length === 0 ? [] : [` (${facts.join(', ')})`]),
  ].join('');
};
