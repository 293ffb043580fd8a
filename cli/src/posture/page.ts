import type { ResponseOf } from '@muster/contract';
import { duration } from '../output/duration';
import type { Page } from '../output/page';
import { paragraph } from '../output/paragraph';
import { table } from '../output/table';

type Control = ResponseOf<'posture-get'>['controls'][number];

const MEANING: Record<Control['control'], string> = {
  'armed-switch': 'A kill switch stops writes through security rules and through the guard.',
};

/** What to do about a control that is not proven. */
const NEXT: Record<Control['control'], { failed: string; stale: string }> = {
  'armed-switch': {
    failed:
      'Assume that a kill switch does not stop this. Stop the automation where it runs, then deploy the rules and functions of the release again (docs/operations.md, "The armed-switch canary").',
    stale:
      'See that the schedule runs (muster audit --action-prefix posture.) and that nothing is restricted (muster policy).',
  },
};

/** Every control: what the last run showed, and how old the last proof is. */
export const posturePage = ({ controls }: ResponseOf<'posture-get'>, page: Page): string =>
  controls.map((one) => controlLines(one, page)).join('\n\n');

const controlLines = (one: Control, page: Page): string => {
  const { ink, now, width } = page;
  const { control, finding, latencies, lastRunAt } = one;
  const rows = [
    ['Last proof', one.sinceProofMs === null ? 'never' : `${duration(one.sinceProofMs)} ago`],
    ['Last run', lastRunAt ? `${duration(Math.max(0, now.getTime() - Date.parse(lastRunAt)))} ago` : 'never'],
    ...(latencies
      ? [
          ['Killed in', `${latencies.killMs} ms`],
          ['Refused after', `${latencies.rulesMs} ms by the rules, ${latencies.guardMs} ms by the guard`],
          ['Restored in', `${latencies.restoreMs} ms`],
        ]
      : []),
  ].map(([title = '', value = '']) => [ink.faint(title), value]);
  return [
    `${ink.strong(control)}  ${stateWords(one, page)}  ${MEANING[control]}`,
    table(ink, rows, { indent: '  ' }),
    ...(finding === null ? [] : [(one.state === 'failed' ? ink.bad : ink.warn)(paragraph(finding, width, '  '))]),
    ...nextOf(one).map((next) => paragraph(`Next: ${next}`, width, '  ')),
  ].join('\n');
};

const stateWords = ({ state, stale }: Control, { ink }: Page): string => {
  if (state === 'failed') return ink.bad(ink.strong('FAILED'));
  if (state === 'not_run') return ink.warn('not proven yet');
  return stale ? ink.warn('proven, too long ago') : ink.good('proven');
};

const nextOf = ({ control, state, stale }: Control): string[] => {
  if (state === 'failed') return [NEXT[control].failed];
  return stale ? [NEXT[control].stale] : [];
};
