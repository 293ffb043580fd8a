import { PROPOSAL_LIFETIME_MS } from '@muster/contract/proposals';
import { approved, executed, proposed, rejected, type Ruling } from './proposal';
import type { Proposal } from './proposal-document';

const NOW = new Date('2026-03-31T09:00:00.000Z');
const OVER = new Date(NOW.getTime() + PROPOSAL_LIFETIME_MS);
const JUST_IN_TIME = new Date(OVER.getTime() - 1);

const justProposed = proposed(
  {
    capability: 'shipping.commit',
    actor: 'uid-agent',
    owner: 'uid-owner',
    delegation: 'dlg_aaaa',
    scope: null,
    proposedBy: 'uid-runner',
    ownerLabel: null,
    rationale: 'the release is due',
    previewSummary: null,
    expectedEffects: [],
    exemptedBy: ['uid-exempter'],
    input: '{}',
    sessionAt: NOW,
  },
  NOW,
);
const by = (uid: string, over: Partial<Ruling> = {}): Ruling => ({ by: uid, at: NOW, reason: 'looked at', ...over });
const staff = by('uid-staff');
const sure = (proposal: Proposal | undefined): Proposal => {
  if (!proposal) throw new Error('nothing was changed');
  return proposal;
};
const isApproved = sure(approved(justProposed, staff, true));
const isRejected = sure(rejected(justProposed, staff));
const isExecuted = executed(isApproved, 'uid-agent', NOW);

/** `approve from proposed` to what comes of it: the status, `same`, or the state that is refused with. */
const outcome = (change: () => Proposal | undefined): string => {
  try {
    return change()?.status ?? 'same';
  } catch (error) {
    const { code, details } = error as { code: string; details: { reason: string; state?: string; next: string } };
    expect(details.next).toMatch(/\.$/u);
    return `${code} ${details.reason} ${details.state ?? ''}`.trim();
  }
};

const states: [string, Proposal, string, string, string][] = [
  // state, as stored, and what approving, rejecting and executing comes to
  ['proposed', justProposed, 'approved', 'rejected', 'CONFLICT WRONG_STATE proposed'],
  ['approved', isApproved, 'same', 'rejected', 'executed'],
  ['rejected', isRejected, 'CONFLICT WRONG_STATE rejected', 'same', 'CONFLICT WRONG_STATE rejected'],
  ['executed', isExecuted, ...repeated('CONFLICT WRONG_STATE executed')],
];
function repeated(told: string): [string, string, string] {
  return [told, told, told];
}

test.each(states)('%s: approved, rejected and executed in its time', (_, proposal, approving, rejecting, executing) => {
  const at = JUST_IN_TIME;
  expect(outcome(() => approved(proposal, { ...staff, at }, true))).toBe(approving);
  expect(outcome(() => rejected(proposal, { ...staff, at }))).toBe(rejecting);
  expect(outcome(() => executed(proposal, 'uid-agent', at))).toBe(executing);
});

test.each([
  ['proposed', justProposed],
  ['approved', isApproved],
])('%s, it is over at the end of its time', (_, proposal) => {
  const told = 'CONFLICT WRONG_STATE expired';
  expect(outcome(() => approved(proposal, { ...staff, at: OVER }, false))).toBe(told);
  expect(outcome(() => rejected(proposal, { ...staff, at: OVER }))).toBe(told);
  expect(outcome(() => executed(proposal, 'uid-agent', OVER))).toBe(told);
});

test('who decides, when and why is kept, and what was asked for stays as it was', () => {
  expect(isApproved).toEqual({
    ...justProposed,
    status: 'approved',
    decidedAt: NOW,
    decidedBy: 'uid-staff',
    decisionReason: 'looked at',
  });
  expect(sure(rejected(isApproved, by('uid-other', { reason: undefined })))).toEqual({
    ...justProposed,
    status: 'rejected',
    decidedAt: NOW,
    decidedBy: 'uid-other',
    decisionReason: null,
  });
  expect(isExecuted).toEqual({ ...isApproved, status: 'executed', executedAt: NOW, executedBy: 'uid-agent' });
});

describe('where two persons are needed', () => {
  test.each(['uid-agent', 'uid-owner', 'uid-runner', 'uid-exempter'])(
    '%s, on whose word it rests, does not approve it, and may reject it',
    (uid) => {
      expect(outcome(() => approved(justProposed, by(uid), true))).toBe('CONFLICT SECOND_PERSON_NEEDED');
      expect(outcome(() => rejected(justProposed, by(uid)))).toBe('rejected');
    },
  );

  test('anyone else does; and one person is enough where one is', () => {
    expect(outcome(() => approved(justProposed, staff, true))).toBe('approved');
    expect(outcome(() => approved(justProposed, by('uid-agent'), false))).toBe('approved');
  });
});
