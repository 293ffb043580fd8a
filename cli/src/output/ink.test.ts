import { COLORED, inkFor, PLAIN } from './ink';
import { table } from './table';

test.each([
  ['a terminal', true, {}, true, COLORED],
  ['a pipe', false, {}, true, PLAIN],
  ['NO_COLOR', true, { NO_COLOR: '1', FORCE_COLOR: '1' }, true, PLAIN],
  ['an empty NO_COLOR, which means nothing', true, { NO_COLOR: '' }, true, COLORED],
  ['--no-color', true, { FORCE_COLOR: '1' }, false, PLAIN],
  ['a terminal without color', true, { TERM: 'dumb' }, true, PLAIN],
  ['a pipe that is forced', false, { FORCE_COLOR: '1' }, true, COLORED],
])('%s', (_what, isTTY, env, wanted, expected) => {
  expect(inkFor({ isTTY }, env, wanted)).toBe(expected);
});

test('columns stay in line whatever is colored, and no line ends in spaces', () => {
  const rows = [
    [COLORED.bad('a'), 'b', ''],
    ['longer', 'c', 'd'],
  ];
  // oxlint-disable-next-line no-control-regex -- what colors are made of
  const bare = table(COLORED, rows, { head: ['x', 'y', 'z'] }).replace(/\u001b\[[\d;]+m/gu, '');
  expect(bare.split('\n').map((line) => line.trimEnd())).toEqual(['x       y  z', 'a       b', 'longer  c  d']);
});
