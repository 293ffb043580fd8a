import type { policy, ResponseOf } from '@muster/contract';
import { COLORED, PLAIN } from '../output/ink';
import { legible } from '../output/legible';
import { killed, restored } from './kill-switch-page';
import type { Page } from '../output/page';
import { policyPage } from './policy-page';

const page: Page = { ink: PLAIN, width: 110, now: new Date('2026-03-31T10:30:00.000Z') };
const killSwitch = (over: Partial<policy.KillSwitchView> = {}): policy.KillSwitchView => ({
  ...{ capability: 'shipping', since: '2026-03-31T09:00:00.000Z', until: null, by: 'uid-staff', exemptions: 0 },
  ...{ reason: 'Agents push broken builds.', activation: 'act_0001' },
  ...over,
});
const answer = (over: Partial<ResponseOf<'policy-kill'>> = {}): ResponseOf<'policy-kill'> => ({
  ...{ changed: true, renewed: false, message: '', incident: null, killSwitch: killSwitch() },
  binds: over.killSwitch?.capability ?? 'shipping',
  covers: ['shipping.commit', 'shipping.push'],
  ...over,
});
const NORMAL = { mode: 'normal', since: null, until: null, by: null, reason: null } as const;

describe('what is restricted', () => {
  test('nothing', () => {
    expect(policyPage({ policy: NORMAL, modeEndRequest: null, killSwitches: [], offline: [] }, page)).toBe(
      'normal  Nothing is restricted.',
    );
  });

  test('no mode, and a connector that is out: it says that it comes back by itself', () => {
    const out = {
      connector: 'github',
      since: '2026-03-31T09:00:00.000Z',
      reason: 'It failed.',
      activation: 'act_0002',
    };
    expect(policyPage({ policy: NORMAL, modeEndRequest: null, killSwitches: [], offline: [out] }, page)).toBe(
      [
        'normal  No mode is on.',
        '',
        'connector github  offline since 2026-03-31 09:00 UTC',
        '  It failed. It comes back by itself; what is sent meanwhile waits.',
        '  act_0002',
      ].join('\n'),
    );
  });

  test('no mode, and kill switches: nobody reads that nothing is restricted', () => {
    const endRequest = { by: 'uid-a', at: '2026-03-31T10:00:00.000Z', reason: 'Fixed in main.' };
    const everything = killSwitch({ capability: '*', until: '2026-03-31T11:30:00.000Z', activation: null });
    const shown = policyPage(
      {
        policy: NORMAL,
        modeEndRequest: null,
        killSwitches: [
          { ...everything, endRequest: null },
          { ...killSwitch({ exemptions: 2 }), endRequest },
        ],
        offline: [],
      },
      page,
    );
    expect(shown).toBe(
      [
        'normal  No mode is on.',
        '',
        '2 kill switches are on:',
        '',
        'everything (*)  killed',
        '  Since   2026-03-31 09:00 UTC  for 1h 30m',
        '  Until   2026-03-31 11:30 UTC  in 1h',
        '  By      uid-staff',
        '  Reason  Agents push broken builds.',
        '',
        'shipping  killed',
        '  Since       2026-03-31 09:00 UTC  for 1h 30m',
        '  Until       someone restores it',
        '  By          uid-staff',
        '  Reason      Agents push broken builds.',
        '  Exempt      2 exemptions pierce it: muster exemption list',
        '  Ending      asked for by uid-a at 2026-03-31 10:00 UTC (Fixed in main.); waits for a second person',
        '  Activation  act_0001',
      ].join('\n'),
    );
  });
});

describe('a kill', () => {
  test('says what it stops and how it ends, and warns of nothing', () => {
    const shown = killed(answer(), page);
    expect(shown).toMatch(/^Killed: shipping\. It binds from now on, everywhere\.\n/u);
    expect(shown).toContain("Stops of Muster's catalog: shipping.commit, shipping.push.");
    expect(shown).toContain('muster policy restore shipping --reason …');
    expect(legible(killed(answer(), { ...page, ink: COLORED }))).not.toContain('\u001b[33m');
  });

  test('of a name that the catalog does not have warns, in yellow', () => {
    const unknown = answer({ killSwitch: killSwitch({ capability: 'shiping' }), covers: [] });
    expect(legible(killed(unknown, { ...page, ink: COLORED, width: 400 }))).toContain(
      "\u001b[33mMuster's catalog has nothing named shiping. That is right if only your product knows the name; else it is mistyped",
    );
  });

  test('names what it stops and not what is only read; of what is only read, it warns', () => {
    const covers = ['shipping.commit', 'shipping.diagnose'];
    expect(killed(answer({ covers }), page)).toContain("Stops of Muster's catalog: shipping.commit.");
    const reads = answer({ killSwitch: killSwitch({ capability: 'firestore.read' }), covers: ['firestore.read'] });
    expect(killed(reads, page)).toContain('This stops nothing that Muster knows: firestore.read only reads');
    expect(killed(reads, page)).not.toContain('Stops of');
  });

  test('that exemptions pierce says how many, and how to list and end them', () => {
    const pierced = killed(answer({ killSwitch: killSwitch({ exemptions: 3 }) }), { ...page, width: 400 });
    expect(pierced).toContain('3 exemptions pierce this kill switch. List them: muster exemption list.');
  });

  test('again says that it was on', () => {
    expect(killed(answer({ renewed: true }), page)).toMatch(/^Still killed: shipping was killed already/u);
  });

  test('says what was killed instead, where there was no room for the name that was typed', () => {
    const shown = killed(answer(), { ...page, width: 400 }, 'shipping.commit');
    expect(shown).toContain('no room for another name, so this stops shipping.commit, and more than that');
    expect(shown).toContain('muster policy restore shipping --reason …');
    expect(killed(answer({ renewed: true }), page, 'shipping.commit')).toMatch(
      /^Still killed: shipping was killed already\.$/mu,
    );
  });

  test('of everything is restored by a line that no shell changes', () => {
    const everything = answer({ killSwitch: killSwitch({ capability: '*' }) });
    expect(killed(everything, page)).toContain("muster policy restore '*' --reason …");
  });
});

describe('a restore', () => {
  const asked = { capability: 'shipping', command: 'muster policy restore shipping …' };
  const of = (over: Partial<ResponseOf<'policy-restore'>>): string =>
    restored(
      {
        changed: true,
        restored: true,
        end: 'restored',
        message: 'shipping is restored.',
        killSwitches: [],
        endRequest: null,
        ...over,
      },
      asked,
      page,
    );

  test('that is done says so', () => {
    expect(of({})).toBe('Restored: shipping is restored.');
  });

  test('that waits for a second person is not taken for one, and says what to type', () => {
    const endRequest = { by: 'uid-a', at: '2026-03-31T10:00:00.000Z', reason: 'Fixed in main.' };
    const shown = of({ restored: false, end: null, endRequest, killSwitches: [killSwitch()] });
    expect(shown).toMatch(/^NOT RESTORED YET/u);
    expect(shown).not.toContain('Restored:');
    expect(shown).toContain('types:\n\n  muster policy restore shipping …\n');
  });

  test('of what was not killed says that nothing was restored, also while another ending waits', () => {
    const other = killSwitch({ capability: 'connector' });
    expect(of({ changed: false, restored: false, end: null, killSwitches: [other] })).toMatch(/^Nothing was restored/u);
  });

  test('under a wider kill switch says that it stays stopped; beside another it does not', () => {
    const everything = killSwitch({ capability: '*' });
    expect(of({ killSwitches: [everything] })).toContain(
      'shipping stays stopped all the same: everything (*) is killed',
    );
    expect(of({ killSwitches: [killSwitch({ capability: 'connector' })] })).not.toContain('stays stopped');
  });

  test('by breaking the glass says that it is reported', () => {
    expect(of({ end: 'break_glass' })).toContain('The glass was broken');
  });
});
