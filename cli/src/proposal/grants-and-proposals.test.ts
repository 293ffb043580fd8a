import type { proposals, delegations, exemptions } from '@muster/contract';
import { proposalDecided, proposalExecuted, proposalList, proposalRequested } from './pages';
import { delegationGranted, delegationList, delegationRevoked } from '../delegation/pages';
import { exemptionGranted, exemptionList, exemptionRevoked } from '../exemption/pages';
import { PLAIN } from '../output/ink';

const page = { ink: PLAIN, width: 110, now: new Date('2026-03-31T09:00:00.000Z') };
const GRANTED = { grantedAt: '2026-03-31T09:00:00.000Z', revokedAt: null, revokedBy: null, state: 'active' } as const;

const delegation: delegations.DelegationView = {
  ...{ id: 'dlg_0001', owner: 'uid-o', agent: 'bot', capabilities: ['shipping'], scope: 'repo-a' },
  ...{ reason: 'Ships by night.', expiresAt: '2026-04-01T09:00:00.000Z', ...GRANTED },
};
const exemption: exemptions.ExemptionView = {
  ...{ id: 'exm_0001', owner: 'uid-o', capability: 'shipping.push', justification: 'The fix itself.' },
  ...{
    grantedBy: 'uid-s',
    requestedBy: null,
    until: '2026-03-31T10:00:00.000Z',
    from: [{ activation: 'act_0001', name: '*' }],
    ...GRANTED,
  },
};
const proposal = (over: Partial<proposals.ProposalView> = {}): proposals.ProposalView => ({
  ...{ id: 'prp_0001', capability: 'shipping.push', class: 'connector_write', actor: 'bot', owner: 'uid-o' },
  ...{ proposedBy: 'bot', ownerLabel: null, previewSummary: null, expectedEffects: [], output: null },
  ...{ delegation: 'dlg_0001', scope: null, rationale: 'The fix is ready.', input: { branch: 'main' } },
  ...{ status: 'proposed', requestedAt: '2026-03-31T09:00:00.000Z', expiresAt: '2026-04-07T09:00:00.000Z' },
  ...{ decidedAt: null, decidedBy: null, decisionReason: null, executedAt: null, executedBy: null },
  ...over,
});

test('a delegation says who may do what for whom, until when, and how it ends', () => {
  const shown = delegationGranted({ delegation }, page);
  expect(shown).toContain('Granted dlg_0001: bot may act for uid-o until 2026-04-01 09:00 UTC (in 1d).');
  expect(shown).toContain('For: shipping (only repo-a).');
  expect(shown).toContain('muster delegation revoke dlg_0001');
  expect(delegationList({ delegations: [delegation], nextCursor: null }, page).split('\n')).toEqual([
    'id        state   until (UTC)       who',
    'dlg_0001  active  2026-04-01 09:00  bot for uid-o',
    '  shipping (only repo-a): Ships by night.',
  ]);
});

test('revoking what had ended is not told as if it ended now', () => {
  expect(delegationRevoked({ changed: true, delegation }, page)).toMatch(/^Revoked dlg_0001: from now on bot may not/u);
  const expired = { ...delegation, state: 'expired' } as const;
  expect(delegationRevoked({ changed: false, delegation: expired }, page)).toContain('(it is expired)');
  expect(exemptionRevoked({ changed: true, exemption }, page)).toMatch(/^Revoked exm_0001: from now on uid-o is/u);
  expect(exemptionRevoked({ changed: false, exemption }, page)).toMatch(/^Nothing was changed/u);
});

test('an exemption says what it pierces', () => {
  expect(exemptionGranted({ exemption, end: null, message: '' }, 'muster exemption grant …', page)).toContain(
    'It pierces: everything (*).',
  );
  expect(exemptionList({ exemptions: [exemption], nextCursor: null }, page).split('\n')).toEqual([
    'id        state   until (UTC)       capability     whom',
    'exm_0001  active  2026-03-31 10:00  shipping.push  for uid-o',
    '  pierces everything (*), by uid-s: The fix itself.',
  ]);
});

test('a proposal is asked for, approved, and handed to whoever takes it, with its input', () => {
  expect(proposalRequested({ proposal: proposal() }, page)).toContain(
    'shipping.push by bot for uid-o. Nothing is done yet.',
  );
  const approved = proposal({ status: 'approved', decidedBy: 'uid-s' });
  expect(proposalDecided({ changed: true, proposal: approved }, page)).toContain(
    'Next, by bot: muster proposal execute prp_0001',
  );
  const shown = proposalExecuted({ changed: true, proposal: proposal({ status: 'executed' }) }, page);
  expect(shown).toMatch(/^Yours to do, now, once: shipping\.push/u);
  expect(shown).toContain('"branch": "main"');
});

test('whoever comes second is told not to do it', () => {
  const executed = proposal({ status: 'executed', executedAt: '2026-03-31T08:00:00.000Z', executedBy: 'other-bot' });
  const shown = proposalExecuted({ changed: false, proposal: executed }, page);
  expect(shown).toBe('Do not do it again: prp_0001 was taken already at 2026-03-31 08:00 UTC by other-bot.');
  expect(shown).not.toContain('branch');
});

test('a decision that was made before is not told as made now', () => {
  const rejected = proposal({ status: 'rejected', decidedBy: 'uid-s', decisionReason: 'Too late.' });
  expect(proposalDecided({ changed: true, proposal: rejected }, page)).toMatch(/^Rejected prp_0001/u);
  expect(proposalDecided({ changed: false, proposal: rejected }, page)).toContain('was rejected already by uid-s');
  expect(proposalList({ proposals: [rejected], nextCursor: null }, page)).toContain('(rejected by uid-s: Too late.)');
});
