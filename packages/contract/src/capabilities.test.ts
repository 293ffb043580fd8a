import { CAPABILITY_CATALOG, coveredIn, covers, namesAbove } from './capabilities';

const PROPOSALS = ['muster.proposals.request', 'muster.proposals.approve', 'muster.proposals.execute'];

describe('what a kill names, and what it binds', () => {
  test('a name is below itself, each beginning of it at a dot, and everything', () => {
    expect(namesAbove('shipping.commit')).toEqual(['*', 'shipping', 'shipping.commit']);
  });

  test('proposals are also below the names that they had', () => {
    expect(namesAbove('muster.proposals.approve')).toEqual([
      ...['*', 'muster', 'muster.proposals', 'muster.proposals.approve'],
      ...['muster.actions', 'muster.actions.approve'],
    ]);
  });

  test.each([
    ['muster.actions', PROPOSALS],
    ['muster.proposals', PROPOSALS],
    ['muster.actions.approve', ['muster.proposals.approve']],
    ['muster.actions.request', ['muster.proposals.request']],
    ['muster.actions.list', []],
    ['muster.act', []],
  ])('a kill of %s covers %j of the catalog', (name, covered) => {
    expect(coveredIn(CAPABILITY_CATALOG, name)).toEqual(covered);
  });

  test('nothing else has a former name: neither what is called alike, nor what once was', () => {
    for (const name of ['muster.proposal', 'muster.proposalsx.approve', 'muster.drills.start', 'proposals', 'muster']) {
      expect(namesAbove(name).filter((above) => above.includes('actions'))).toEqual([]);
    }
    // Under its former name a capability is asked for by nobody; it is then what it says, and nothing more.
    expect(namesAbove('muster.actions.approve')).toEqual(['*', 'muster', 'muster.actions', 'muster.actions.approve']);
  });

  test('what lets somebody do something is not widened by a name of the past: only what forbids is', () => {
    expect(covers('muster.actions', 'muster.proposals.approve')).toBe(false);
    expect(covers('muster.proposals', 'muster.proposals.approve')).toBe(true);
  });
});
