import type { audit } from '@muster/contract';
import { whoAndWhy } from './query-page';
import type { Ink } from '../output/ink';
import { shortened } from '../output/paragraph';

/** An entry in one line, as wide as the terminal at the most; `width` is undefined where there is none. */
export const auditLine = (entry: audit.AuditRow, ink: Ink, width: number | undefined): string => {
  const marks = [
    ...(entry.outcome === 'success' ? [] : [entry.outcome]),
    ...(entry.severity === null ? [] : [entry.severity]),
    ...(entry.exercise ? ['exercise'] : []),
  ].join(', ');
  const facts = [entry.at.slice(0, 19).replace('T', ' '), entry.action, entry.target, ...(marks === '' ? [] : [marks])];
  const left = (width ?? Number.POSITIVE_INFINITY) - facts.join('  ').length - 2;
  const [at = '', action = '', target = '', said] = facts;
  return [
    ink.faint(at),
    ink.strong(action),
    target,
    ...(said === undefined ? [] : [entry.outcome === 'success' ? ink.faint(said) : ink.bad(said)]),
    ...(left < SHORTEST ? [] : [ink.faint(shortened(whoAndWhy(entry), left))]),
  ].join('  ');
};

/** In less than that nobody reads who and why. */
const SHORTEST = 12;
