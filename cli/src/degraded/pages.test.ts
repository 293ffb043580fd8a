import { PLAIN } from '../output/ink';
import type { Page } from '../output/page';
import { degradedExited } from './pages';

const page: Page = { ink: PLAIN, width: 110, now: new Date('2026-03-31T10:30:00.000Z') };
const NORMAL = { mode: 'normal', since: null, until: null, by: null, reason: null } as const;

describe('the end of a mode', () => {
  const mode = { mode: 'read_only', since: null, until: null, by: 'uid-a', reason: 'Slow.' } as const;
  const of = (changed: boolean, policyNow: typeof mode | typeof NORMAL, asked?: string): string =>
    degradedExited(
      { changed, end: changed ? 'exited' : null, message: 'Said.', policy: policyNow },
      { asked, command: 'muster degraded exit …' },
      page,
    );

  test('that waits for a second person says so, and what to type', () => {
    expect(of(false, mode, 'read_only')).toMatch(/^NOT ENDED YET/u);
    expect(of(false, mode)).toContain('types:\n\n  muster degraded exit …');
  });

  test('of another mode, of none, and of the one that is on, says what it was', () => {
    expect(of(false, mode, 'offline')).toMatch(/^Nothing was ended: Said\./u);
    expect(of(false, NORMAL)).toBe('Said.\n\nnormal  No mode is on.');
    expect(of(true, NORMAL, 'read_only')).toBe('Said.\n\nnormal  No mode is on.');
  });
});
