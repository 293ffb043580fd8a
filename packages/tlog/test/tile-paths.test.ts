/** C2SP tlog-tiles: what its text says of paths and widths (github.com/C2SP/C2SP, tlog-tiles.md). */
import { edgeOf, parseTilePath, tilePath, widthOf } from '../src/tiles';

test('the path of a tile, as the specification writes it', () => {
  expect(tilePath({ level: 0, index: 1_234_067 })).toBe('tile/0/x001/x234/067');
  expect(tilePath({ level: 1, index: 0 })).toBe('tile/1/000');
  expect(tilePath({ level: 0, index: 5 })).toBe('tile/0/005');
  expect(tilePath({ level: 5, index: 123_456_078 }, 2)).toBe('tile/5/x123/x456/078.p/2');
  expect(tilePath({ level: 0, index: 1000 }, 256)).toBe('tile/0/x001/000');
});

test('a tree of 70,000 has the tiles that the specification counts', () => {
  const widths = (level: number): number[] => {
    const found: number[] = [];
    for (let index = 0; widthOf({ level, index }, 70_000) > 0; index += 1)
      found.push(widthOf({ level, index }, 70_000));
    return found;
  };
  expect(widths(0)).toEqual([...Array.from({ length: 273 }, () => 256), 112]);
  expect(widths(1)).toEqual([256, 17]);
  expect(widths(2)).toEqual([1]);
  expect(widths(3)).toEqual([]);
  expect(edgeOf(70_000)).toEqual([
    { level: 0, index: 273 },
    { level: 1, index: 1 },
    { level: 2, index: 0 },
  ]);
});

test('a tree of 256 has a full tile, and above it one of a single hash', () => {
  expect([0, 1, 2].map((level) => widthOf({ level, index: 0 }, 256))).toEqual([256, 1, 0]);
  expect(edgeOf(256)).toEqual([{ level: 1, index: 0 }]);
});

test('a path is read as it is written, and no other way', () => {
  for (const [tile, width] of [
    [{ level: 0, index: 0 }, 256],
    [{ level: 0, index: 1_234_067 }, 256],
    [{ level: 63, index: 999 }, 1],
    [{ level: 5, index: 1000 }, 255],
    [{ level: 1, index: 999_999_999_999_999 }, 7],
  ] as const)
    expect(parseTilePath(tilePath(tile, width).slice('tile/'.length))).toEqual({ ...tile, width });
  for (const path of [
    '',
    '0',
    '0/',
    '0/0',
    '0/0000',
    '00/000',
    '64/000',
    '-1/000',
    '0/x000/000',
    '0/001/000',
    '0/x001/x000',
    '0/x1/000',
    '0/000.p/0',
    '0/000.p/256',
    '0/000.p/01',
    '0/000.p/',
    '0/000.p',
    '0/000/p/1',
    '0/000.p/1/',
    '/0/000',
    'entries/000',
    '0/x001/x001/x001/x001/x001/001',
    '0/٠٠٠',
    '0/000\n',
  ])
    expect([path, parseTilePath(path)]).toEqual([path, undefined]);
});
