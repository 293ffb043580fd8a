/** What a witness says: little when all is well, and the whole of it, loudly, when it is not. */
import type { Alarm } from './watch';
import type { Vouched } from './vouch';
import type { Page } from '../../output/page';

export const vouchedText = (
  { origin, size, note }: Vouched,
  submitted: { added: boolean } | undefined,
  { ink }: Page,
): string => {
  const said = `${ink.good('Cosigned')} ${origin} with ${size} leaves.`;
  if (!submitted) return `${said}\n\n${note.trimEnd()}`;
  return `${said} ${submitted.added ? 'The log has the cosignature.' : 'The log had one of this witness before.'}`;
};

const HEADLINES: Record<Alarm['alarm'], string> = {
  fork: 'FORK',
  rollback: 'ROLLBACK',
  'not proven': 'NOT PROVEN',
  'not signed': 'NOT SIGNED',
};

export const alarmText = ({ alarm, what, evidence }: Alarm, { ink }: Page): string =>
  [
    `${ink.bad('✗')} ${ink.strong(HEADLINES[alarm])}: ${what}`,
    '  Nothing was cosigned, and what this witness remembers stands as it was.',
    ...(evidence === null ? [] : [`  Keep both notes: they are the proof. They are in ${evidence}`]),
    ...NEXT[alarm].map((line) => `  ${line}`),
  ].join('\n');

const TELL = 'Do not rely on this log any more. Show the notes to whoever does, with the key of the log.';
const NEXT: Record<Alarm['alarm'], string[]> = {
  fork: ['Nobody but the holder of the key of the log could have signed both.', TELL],
  rollback: ['The older note shows that the log had these leaves when it was signed.', TELL],
  'not proven': [
    'The log has signed both, and does not show that one goes on from the other: it was changed, or it is damaged.',
    TELL,
  ],
  'not signed': ['Ask the keeper of the log, on another way than this one, whether its key was replaced: --log KEY.'],
};
