import Table from 'cli-table3';
import type { Ink } from './ink';

const NO_LINES = Object.fromEntries(
  [
    ...['top', 'top-mid', 'top-left', 'top-right', 'bottom', 'bottom-mid', 'bottom-left', 'bottom-right'],
    ...['left', 'left-mid', 'mid', 'mid-mid', 'right', 'right-mid'],
  ].map((place) => [place, '']),
);

interface Options {
  head?: readonly string[];
  indent?: string;
}

/** Columns two spaces apart and no lines: what is copied from it is what was meant. */
export const table = (ink: Ink, rows: readonly (readonly string[])[], { head, indent = '' }: Options = {}): string => {
  const drawn = new Table({
    chars: { ...NO_LINES, middle: '  ' },
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0, compact: true },
  });
  if (head) drawn.push(head.map((title) => ink.faint(title)));
  drawn.push(...rows.map((row) => [...row]));
  return drawn
    .toString()
    .split('\n')
    .map((line) => `${indent}${line.trimEnd()}`)
    .join('\n');
};
