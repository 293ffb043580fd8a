/** Side by side in one run: what is compared takes turns, so that whatever else the machine does hits both. */
export interface Comparison {
  name: string;
  /** Median milliseconds of each side, and how the first stands to the second. */
  ours: number;
  theirs: number;
  ratio: number;
  runs: number;
  /** The ratio that is aimed at; undefined where none was set. */
  goal?: number | undefined;
}

/** Medians of at least 30 runs each, after a warm-up that is not counted. */
export const compare = async (
  name: string,
  sides: { ours: () => Promise<number | void>; theirs: () => Promise<number | void> },
  { runs, warmUp, goal }: { runs: number; warmUp: number; goal?: number },
): Promise<Comparison> => {
  if (runs < 30) throw new Error('a median of fewer than 30 runs is not shown');
  const times: Record<'ours' | 'theirs', number[]> = { ours: [], theirs: [] };
  for (let run = -warmUp; run < runs; run += 1) {
    // Who goes first changes, because the second finds the machine warmer.
    for (const side of run % 2 === 0 ? (['ours', 'theirs'] as const) : (['theirs', 'ours'] as const)) {
      const began = performance.now();
      const own = await sides[side]();
      const took = typeof own === 'number' ? own : performance.now() - began;
      if (run >= 0) times[side].push(took);
    }
  }
  const [ours, theirs] = [median(times.ours), median(times.theirs)];
  return { name, ours, theirs, ratio: ours / theirs, runs, goal };
};

export const median = (values: readonly number[]): number => {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
};

export const asLine = ({ name, ours, theirs, ratio, runs, goal }: Comparison): string => {
  const verdict = goal === undefined ? '' : ratio <= goal ? `goal ≤ ${goal}: met` : `goal ≤ ${goal}: MISSED`;
  return `${name.padEnd(66)} ${ours.toFixed(2).padStart(9)} ${theirs.toFixed(2).padStart(9)} ${ratio.toFixed(2).padStart(7)}  ${String(runs).padStart(4)}  ${verdict}`;
};
