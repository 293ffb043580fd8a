import type { drills } from '@muster/contract';
import { duration } from '../output/duration';
import type { Ink } from '../output/ink';
import { table } from '../output/table';

type Figures = drills.DrillFigures;

const MEANING = {
  ttd: 'started to detected',
  tta: 'detected to acknowledged',
  ttc: 'detected to contained',
  ttr: 'detected to resolved',
} as const satisfies Record<keyof Figures, string>;

/** The four figures against the targets of the severity. */
export const figuresTable = (figures: Figures, ink: Ink): string =>
  table(
    ink,
    (['ttd', 'tta', 'ttc', 'ttr'] as const).map((name) => {
      const figure = figures[name];
      return [
        ink.strong(name.toUpperCase()),
        figure.valueMs === null ? '–' : duration(figure.valueMs),
        `under ${duration(figure.targetMs)}`,
        verdict(figure, ink),
        ink.faint(MEANING[name] + (figure.source === 'reported' ? ', as reported' : '')),
      ];
    }),
    { head: ['', 'measured', 'target', '', ''], indent: '  ' },
  );

const verdict = ({ result, valueMs, targetMs }: drills.Figure, ink: Ink): string => {
  if (result === 'met') return ink.good('✓ met');
  if (result === 'not_measured') return ink.faint('· not measured');
  const over = (valueMs ?? targetMs) - targetMs;
  return ink.bad(over > 0 ? `✗ missed by ${duration(over)}` : '✗ missed, just');
};
