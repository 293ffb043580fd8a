import { randomInt } from 'node:crypto';

/** How words are set off. Without color each is the words alone, so nothing may be said by color only. */
export interface Ink {
  strong: (text: string) => string;
  faint: (text: string) => string;
  good: (text: string) => string;
  bad: (text: string) => string;
  warn: (text: string) => string;
  struck: (text: string) => string;
}

/**
 * Stands in each color that a page of this process has, until it is printed: numbers that nobody else knows, so that the same color
 * in what others wrote is not taken for one of ours. A terminal would do nothing about them.
 */
const OWN = Array.from({ length: 4 }, () => randomInt(1000, 10_000)).join(';');

const escaped = (on: number, off: number) => (text: string) => `\u001b[${OWN};${on}m${text}\u001b[${OWN};${off}m`;
const plain = (text: string) => text;

export const PLAIN: Ink = { strong: plain, faint: plain, good: plain, bad: plain, warn: plain, struck: plain };

export const COLORED: Ink = {
  strong: escaped(1, 22),
  faint: escaped(2, 22),
  good: escaped(32, 39),
  bad: escaped(31, 39),
  warn: escaped(33, 39),
  struck: escaped(9, 29),
};

/** How many columns a text takes: colors take none. */
// oxlint-disable-next-line no-control-regex -- what colors are made of
export const widthOf = (text: string): number => text.replace(/\u001b\[[\d;]*m/gu, '').length;

/** The colors of a page as a terminal has them; `others` is what becomes of everything else. */
export const printed = (page: string, others: (text: string) => string): string =>
  page
    .split(`\u001b[${OWN};`)
    .map((part, index) => {
      const [, color = '', rest = ''] = (index > 0 && /^(\d{1,2}m)([^]*)$/u.exec(part)) || [];
      return color === '' ? others(part) : `\u001b[${color}${others(rest)}`;
    })
    .join('');

/** Color on a terminal, unless NO_COLOR (https://no-color.org), `--no-color` or a terminal without any says no. */
export const inkFor = (
  stream: { isTTY?: boolean },
  env: Readonly<Record<string, string | undefined>>,
  wanted: boolean,
): Ink => {
  if (!wanted || env['NO_COLOR'] || env['TERM'] === 'dumb') return PLAIN;
  const forced = env['FORCE_COLOR'];
  return stream.isTTY || (forced && forced !== '0') ? COLORED : PLAIN;
};
