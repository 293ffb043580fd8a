/** How words are set off. Without color each is the words alone, so nothing may be said by color only. */
export interface Ink {
  strong: (text: string) => string;
  faint: (text: string) => string;
  good: (text: string) => string;
  bad: (text: string) => string;
  warn: (text: string) => string;
  struck: (text: string) => string;
}

const escaped = (on: number, off: number) => (text: string) => `\u001b[${on}m${text}\u001b[${off}m`;
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
