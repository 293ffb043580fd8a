import { randomBytes } from 'node:crypto';
import type { ResponseOf } from '@muster/contract';
import { behind, deskOf, newScenario, type Desk, type Person } from './desk/muster';

const suite = behind();
let staff: Desk & Person;
let other: Desk & Person;
let agent: Desk & Person;

beforeAll(async () => {
  await newScenario(suite);
  [staff, other, agent] = await Promise.all([
    deskOf(suite, { staff: true }),
    deskOf(suite, { staff: true }),
    deskOf(suite),
  ]);
});
afterAll(() => suite.close());

/** Names of one test alone: what runs beside it is not stopped by its kill switches. */
const newConnector = () => {
  const connector = `connector.t${randomBytes(5).toString('hex')}`;
  return { connector, writes: `${connector}.write` };
};
const inAnHour = () => new Date(Date.now() + 3_600_000).toISOString();
const REASON = ['--reason', 'The connector sends rubbish.'];

const kill = (name: string) => staff.json<ResponseOf<'policy-kill'>>(['policy', 'kill', name, ...REASON]);
const ledgerOf = async (name: string, ...more: string[]) =>
  (await staff.json<ResponseOf<'policy-ledger'>>(['policy', 'ledger', '--name', name, ...more])).activations;

test('a capability is killed, shown, killed again and restored, and the ledger has it once', async () => {
  const { connector } = newConnector();
  const first = await kill(connector);
  expect(first).toMatchObject({ changed: true, renewed: false, incident: null });
  expect(first.covers).toContain('connector.<id>.write');

  const shown = (await staff.run(['policy'])).stdout;
  expect(shown).toContain(`${connector}  killed`);
  expect(shown).not.toContain('Nothing is restricted');
  const now = (await staff.run(['capability', 'list', '--now'])).stdout;
  expect(now).toContain(`killed (${connector})`);

  expect((await staff.run(['policy', 'kill', connector, ...REASON])).stdout).toMatch(/^Still killed/u);
  expect(await ledgerOf(connector, '--on')).toMatchObject([
    { name: connector, kind: 'kill_switch', by: staff.uid, endedAt: null, renewals: [{ by: staff.uid }] },
  ]);

  expect((await staff.run(['policy', 'restore', connector, ...REASON])).stdout).toMatch(/^Restored/u);
  expect((await staff.run(['policy', 'restore', connector, ...REASON])).stdout).toMatch(/^Nothing was restored/u);
  expect(await ledgerOf(connector, '--on')).toEqual([]);
  expect(await ledgerOf(connector, '--ended', '--kind', 'kill-switch')).toMatchObject([
    { end: 'restored', endedBy: staff.uid },
  ]);
  expect((await staff.run(['policy', 'ledger', '--name', connector])).stdout).toContain('restored');
});

test('a name that the catalog does not have is killed, with a warning', async () => {
  const name = `shiping${randomBytes(4).toString('hex')}`;
  const { exitCode, stdout } = await staff.run(['policy', 'kill', name, ...REASON]);
  expect(exitCode).toBe(0);
  expect(stdout).toContain(`Muster's catalog has nothing named ${name}.`);
  await staff.json(['policy', 'restore', name, ...REASON]);
});

test('what is wrong with a kill is named as it was typed, and nobody kills without the role', async () => {
  const short = await staff.run(['policy', 'kill', 'shipping', '--reason', 'short']);
  expect(short).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('  --reason: at least 10 characters') });
  const over = await staff.run(['policy', 'kill', 'shipping', ...REASON, '--until', '2020-01-01T00:00:00Z']);
  expect(over).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('  --until: ') });
  expect((await agent.run(['policy', 'kill', 'shipping', ...REASON])).exitCode).toBe(4);
});

test('an exemption pierces a kill switch, is counted on it, and ends', async () => {
  const { connector, writes } = newConnector();
  const grant = ['exemption', 'grant', writes, '--owner', other.uid, '--until', inAnHour()];
  const nothing = await staff.run([...grant, ...REASON]);
  expect(nothing).toMatchObject({ exitCode: 6, stdout: '' });

  await kill(connector);
  const { exemption } = await staff.json<ResponseOf<'exemptions-grant'>>([...grant, ...REASON]);
  expect(exemption).toMatchObject({ owner: other.uid, capability: writes, from: [{ name: connector }] });
  expect((await staff.run(['policy', 'kill', connector, ...REASON])).stdout).toContain('One exemption pierces');
  const list = ['exemption', 'list', '--owner', other.uid, '--capability', writes];
  expect((await staff.run(list)).stdout).toContain(`pierces ${connector}`);

  const revoke = ['exemption', 'revoke', exemption.id, ...REASON];
  expect((await staff.run(revoke)).stdout).toContain(`Revoked ${exemption.id}`);
  expect((await staff.run(revoke)).stdout).toContain('Nothing was changed');
  expect((await staff.run(['policy'])).stdout).not.toContain('pierces');
  await staff.json(['policy', 'restore', connector, ...REASON]);
});

const delegate = async (capability: string) => {
  const grant = ['delegation', 'grant', '--agent', agent.uid, '--capability', capability, ...REASON];
  const { delegation } = await other.json<ResponseOf<'delegations-grant'>>([...grant, '--expires', inAnHour()]);
  return delegation;
};

test('a delegation is granted, listed and revoked', async () => {
  const { connector } = newConnector();
  const { id } = await delegate(connector);
  expect((await agent.run(['delegation', 'list', '--agent', agent.uid])).stdout).toContain(`${id}  active`);
  const revoke = ['delegation', 'revoke', id, ...REASON];
  expect((await other.run(revoke)).stdout).toContain(`Revoked ${id}`);
  expect((await other.run(revoke)).stdout).toContain('Nothing was changed');
  expect((await other.run(['delegation', 'list', '--owner', other.uid])).stdout).toContain(`${id}  revoked`);
});

test('an agent proposes for its owner, staff approves, and it is taken once', async () => {
  const { connector, writes } = newConnector();
  const { id: delegation } = await delegate(connector);
  const request = ['action', 'request', writes, '--owner', other.uid, '--delegation', delegation, ...REASON];
  const { proposal } = await agent.json<ResponseOf<'proposals-request'>>([...request, '--input', '{"rows": [1, 2]}']);
  expect(proposal).toMatchObject({ actor: agent.uid, owner: other.uid, status: 'proposed', input: { rows: [1, 2] } });

  expect((await staff.run(['action', 'approve', proposal.id])).stdout).toContain(`Approved ${proposal.id}`);
  expect((await staff.run(['action', 'list', '--actor', agent.uid])).stdout).toContain(`${proposal.id}  approved`);

  // A kill after the approval: it is asked again when it is to be done.
  await kill(connector);
  const blocked = await agent.run(['action', 'execute', proposal.id]);
  expect(blocked).toMatchObject({ exitCode: 6, stdout: '', stderr: expect.stringContaining(`${connector} is killed`) });
  expect(blocked.stderr).toContain('muster policy restore');
  await staff.json(['policy', 'restore', connector, ...REASON]);

  expect((await agent.run(['action', 'execute', proposal.id])).stdout).toMatch(/^Yours to do, now, once/u);
  const again = await agent.run(['action', 'execute', proposal.id]);
  expect(again.stdout + again.stderr).not.toContain('Yours to do');
});

test('a proposal is rejected; without a delegation, and with input that is not JSON, there is none', async () => {
  const { writes } = newConnector();
  const { proposal } = await agent.json<ResponseOf<'proposals-request'>>(['action', 'request', writes, ...REASON]);
  const reject = ['action', 'reject', proposal.id, '--reason', 'Not tonight.'];
  expect((await staff.run(reject)).stdout).toContain(`Rejected ${proposal.id}`);

  const undelegated = await agent.run(['action', 'request', writes, '--owner', other.uid, ...REASON]);
  expect(undelegated).toMatchObject({ exitCode: 4, stderr: expect.stringContaining('No delegation') });
  const notJson = await agent.run(['action', 'request', writes, ...REASON, '--input', '{rows']);
  expect(notJson).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('--input is not JSON') });
  const notObject = await agent.run(['action', 'request', writes, ...REASON, '--input', '[1]']);
  expect(notObject).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('  --input: ') });
});
