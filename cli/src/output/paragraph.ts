import { widthOf } from './ink';

/** Wraps a text at words, each line indented; line breaks that a person made stay. */
export const paragraph = (text: string, width: number, indent: string): string =>
  text
    .split('\n')
    .flatMap((line) => wrapped(line.trim(), Math.max(20, width - indent.length)))
    .map((line) => `${indent}${line}`.trimEnd())
    .join('\n');

const wrapped = (line: string, width: number): string[] => {
  const lines = [''];
  for (const word of line.split(/\s+/u)) {
    const last = lines.at(-1) ?? '';
    if (last !== '' && widthOf(last) + 1 + widthOf(word) > width) lines.push(word);
    else lines[lines.length - 1] = last === '' ? word : `${last} ${word}`;
  }
  return lines;
};

/** Cut to a width, with a sign that it was. */
export const shortened = (text: string, width: number): string => {
  const line = text.replace(/\s+/gu, ' ');
  return line.length <= width ? line : `${line.slice(0, Math.max(1, width - 1))}…`;
};
