/** How far a long command is, on a terminal; a log gets no line for each step. */
import type { Machine } from '../../machine';

export interface ProgressBar {
  show(done: number, total: number | undefined): void;
  /** Takes the bar away: what follows is the answer. */
  end(): void;
}

const WIDTH = 24;
const BETWEEN_MS = 100;
const NONE: ProgressBar = { show: () => {}, end: () => {} };

export const progressBar = ({ stderr, env, now }: Machine, what: string, wanted: boolean): ProgressBar => {
  if (!wanted || !stderr.isTTY || env['TERM'] === 'dumb') return NONE;
  let shownAt = Number.NEGATIVE_INFINITY;
  return {
    show(done, total) {
      const at = now().getTime();
      if (at - shownAt < BETWEEN_MS && done !== total) return;
      shownAt = at;
      stderr.write(`\r\u001b[K${barOf(done, total)} ${what}`);
    },
    end: () => void stderr.write('\r\u001b[K'),
  };
};

const barOf = (done: number, total: number | undefined): string => {
  if (total === undefined) return grouped(done);
  const share = total === 0 ? 1 : Math.min(1, done / total);
  const filled = Math.round(share * WIDTH);
  const percent = String(Math.floor(share * 100)).padStart(3);
  return `[${'#'.repeat(filled)}${'.'.repeat(WIDTH - filled)}] ${percent} %  ${grouped(done)} of ${grouped(total)}`;
};

export const grouped = (value: number): string => value.toLocaleString('en-US');
