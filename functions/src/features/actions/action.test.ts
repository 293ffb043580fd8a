import { ACTION_LIFETIME_MS } from '../../contract/actions';
import { approved, executed, proposed, rejected, type Ruling } from './action';
import type { Action } from './action-document';

const NOW = new Date('2026-03-31T09:00:00.000Z');
const OVER = new Date(NOW.getTime() + ACTION_LIFETIME_MS);
const JUST_IN_TIME = new Date(OVER.getTime() - 1);

const proposal = proposed(
  {
    capability: 'shipping.commit',
    actor: 'uid-agent',
    owner: 'uid-owner',
    delegation: 'dlg_aaaa',
    scope: null,
    rationale: 'the release is due',
    input: '{}',
    sessionAt: NOW,
  },
  NOW,
);
const by = (uid: string, over: Partial<Ruling> = {}): Ruling => ({ by: uid, at: NOW, reason: 'looked at', ...over });
const staff = by('uid-staff');
const sure = (action: Action | undefined): Action => {
  if (!action) throw new Error('nothing was changed');
  return action;
};
const isApproved = sure(approved(proposal, staff, true));
const isRejected = sure(rejected(proposal, staff));
const isExecuted = executed(isApproved, 'uid-agent', NOW);

/** `approve from proposed` to what comes of it: the status, `same`, or the state that is refused with. */
const outcome = (change: () => Action | undefined): string => {
  try {
    return change()?.status ?? 'same';
  } catch (error) {
    const { code, details } = error as { code: string; details: { reason: string; state?: string; next: string } };
    expect(details.next).toMatch(/\.$/u);
    return `${code} ${details.reason} ${details.state ?? ''}`.trim();
  }
};

const states: [string, Action, string, string, string][] = [
  // state, as stored, and what approving, rejecting and executing comes to
  ['proposed', proposal, 'approved', 'rejected', 'CONFLICT WRONG_STATE proposed'],
  ['approved', isApproved, 'same', 'rejected', 'executed'],
  ['rejected', isRejected, 'CONFLICT WRONG_STATE rejected', 'same', 'CONFLICT WRONG_STATE rejected'],
  ['executed', isExecuted, ...repeated('CONFLICT WRONG_STATE executed')],
];
function repeated(told: string): [string, string, string] {
  return [told, told, told];
}

test.each(states)('%s: approved, rejected and executed in its time', (_, action, approving, rejecting, executing) => {
  const at = JUST_IN_TIME;
  expect(outcome(() => approved(action, { ...staff, at }, true))).toBe(approving);
  expect(outcome(() => rejected(action, { ...staff, at }))).toBe(rejecting);
  expect(outcome(() => executed(action, 'uid-agent', at))).toBe(executing);
});

test.each([
  ['proposed', proposal],
  ['approved', isApproved],
])('%s, it is over at the end of its time', (_, action) => {
  const told = 'CONFLICT WRONG_STATE expired';
  expect(outcome(() => approved(action, { ...staff, at: OVER }, false))).toBe(told);
  expect(outcome(() => rejected(action, { ...staff, at: OVER }))).toBe(told);
  expect(outcome(() => executed(action, 'uid-agent', OVER))).toBe(told);
});

test('who decides, when and why is kept, and what was asked for stays as it was', () => {
  expect(isApproved).toEqual({
    ...proposal,
    status: 'approved',
    decidedAt: NOW,
    decidedBy: 'uid-staff',
    decisionReason: 'looked at',
  });
  expect(sure(rejected(isApproved, by('uid-other', { reason: undefined })))).toEqual({
    ...proposal,
    status: 'rejected',
    decidedAt: NOW,
    decidedBy: 'uid-other',
    decisionReason: null,
  });
  expect(isExecuted).toEqual({ ...isApproved, status: 'executed', executedAt: NOW, executedBy: 'uid-agent' });
});

describe('where two persons are needed', () => {
  test.each(['uid-agent', 'uid-owner'])('%s, whose it is, does not approve it, and may reject it', (uid) => {
    expect(outcome(() => approved(proposal, by(uid), true))).toBe('CONFLICT SECOND_PERSON_NEEDED');
    expect(outcome(() => rejected(proposal, by(uid)))).toBe('rejected');
  });

  test('anyone else does; and one person is enough where one is', () => {
    expect(outcome(() => approved(proposal, staff, true))).toBe('approved');
    expect(outcome(() => approved(proposal, by('uid-agent'), false))).toBe('approved');
  });
});
