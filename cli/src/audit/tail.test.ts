import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { audit } from '@muster/contract';
import type { Machine } from '../machine';
import { run } from '../run';

const AT = Date.parse('2026-03-31T09:00:00.000Z');

const row = (id: string, seconds: number, more: Partial<audit.AuditRow> = {}): audit.AuditRow => ({
  id,
  at: new Date(AT + seconds * 1000).toISOString(),
  actorType: 'staff',
  actorId: 'uid-ada',
  action: 'capability.policy.killed',
  rationale: 'Two orders\nwere shipped twice.',
  target: 'policy/current',
  outcome: 'success',
  severity: null,
  drillId: null,
  incidentId: null,
  correlationId: 'req_one',
  callerRequestId: null,
  ip: null,
  sessionId: null,
  exercise: false,
  metadata: {},
  leafIndex: null,
  ...more,
});

interface World {
  rows: audit.AuditRow[];
  /** What happens while it waits, turn by turn; it is interrupted after the last. */
  turns: ((world: World) => void)[];
  /** What is answered instead. */
  instead?: (() => Promise<Response>) | undefined;
}

/** Runs `muster audit tail` against a world, and tells all that came of it. */
const tail = async (world: World, ...args: string[]) => {
  const said = { out: '', err: '', left: undefined as number | undefined, waited: [] as number[] };
  const asked: Record<string, unknown>[] = [];
  let interrupt = (): void => undefined;
  const writer = (name: 'out' | 'err') => ({ write: (text: string) => void (said[name] += text) });
  const machine = {
    env: {
      XDG_CONFIG_HOME: mkdtempSync(join(tmpdir(), 'muster-tail-')),
      MUSTER_ID_TOKEN: 'token',
      MUSTER_PROJECT: 'demo-tail',
    },
    stdout: writer('out'),
    stderr: writer('err'),
    now: () => new Date(AT),
    fetch: async (_url: string, init: { body: string }) => {
      const { data } = JSON.parse(init.body) as { data: Record<string, unknown> };
      asked.push(data);
      if (world.instead) return world.instead();
      const from = data['from'] as string | undefined;
      const entries = world.rows.filter(({ at }) => from === undefined || at >= from).toReversed();
      return new Response(JSON.stringify({ result: { entries, nextCursor: null } }));
    },
    wait: async (ms: number) => {
      said.waited.push(ms);
      const turn = world.turns.shift();
      if (turn) return turn(world);
      interrupt();
      return new Promise<void>(() => undefined);
    },
    onInterrupt: (listener: () => void) => {
      interrupt = listener;
      return () => (interrupt = () => undefined);
    },
    leave: (exitCode: number) => (said.left = exitCode),
  } as unknown as Machine;
  const exitCode = await run(machine, ['audit', 'tail', ...args]);
  return { ...said, exitCode, asked };
};

const lines = (text: string) => text.split('\n').filter((line) => line !== '');

test('each entry is a line, once; it asks every two seconds, and Ctrl-C ends it with 0', async () => {
  const world: World = {
    rows: [row('aud_old1', 0)],
    turns: [() => undefined, ({ rows }) => void rows.push(row('aud_new1', 5, { outcome: 'refused' })), () => undefined],
  };
  const { out, err, exitCode, left, waited } = await tail(world);
  expect(lines(out)).toEqual([
    '2026-03-31 09:00:00  capability.policy.killed  policy/current  staff uid-ada: Two orders ↵ were shipped twice.',
    '2026-03-31 09:00:05  capability.policy.killed  policy/current  refused  staff uid-ada: Two orders ↵ were shipped twice.',
  ]);
  expect({ err, exitCode, left }).toEqual({ err: '', exitCode: 0, left: 0 });
  expect(new Set(waited)).toEqual(new Set([2_000]));
});

test('--json is a line of JSON for each, as it was answered; the filters are those of the query', async () => {
  const world: World = { rows: [], turns: [({ rows }) => void rows.push(row('aud_new1', 5))] };
  const { out, asked } = await tail(world, '--json', '--text', 'shipped', '--severity', 'P1', '--last', '0');
  expect(lines(out).map((line) => JSON.parse(line) as unknown)).toEqual([row('aud_new1', 5)]);
  for (const data of asked) expect(data).toMatchObject({ text: 'shipped', severity: 'P1' });
});

test('an outage is told once, and that it is over; nothing that came meanwhile is lost', async () => {
  const unreachable = async (): Promise<Response> => Promise.reject(new TypeError('fetch failed'));
  const world: World = {
    rows: [row('aud_old1', 0)],
    turns: [
      (now) => (now.instead = unreachable),
      ({ rows }) => void rows.push(row('aud_new1', 3)),
      () => undefined,
      (now) => (now.instead = undefined),
      () => undefined,
    ],
  };
  const { out, err, exitCode } = await tail(world, '--last', '0');
  expect(lines(out)).toHaveLength(1);
  expect(out).toContain('09:00:03');
  expect(lines(err)).toEqual([
    expect.stringMatching(/^No answer at 2026-03-31T09:00:00\.000Z: Nothing answers at /u),
    'Answers again; what came since 2026-03-31T09:00:00.000Z follows.',
  ]);
  expect(exitCode).toBe(0);
});

test('who is refused is told so, at the beginning and later', async () => {
  const refused = async (): Promise<Response> =>
    new Response(
      JSON.stringify({
        error: {
          status: 'PERMISSION_DENIED',
          message: 'no role',
          details: { code: 'PERMISSION_DENIED', reason: 'ROLE_MISSING' },
        },
      }),
      { status: 403 },
    );
  const atOnce = await tail({ rows: [], turns: [], instead: refused });
  expect(atOnce).toMatchObject({ exitCode: 4, out: '', waited: [] });
  const later = await tail({ rows: [], turns: [(world) => (world.instead = refused), () => undefined] });
  expect(later).toMatchObject({ exitCode: 4 });
});

test('an outage at the beginning ends it: there is nothing to go on from', async () => {
  const { exitCode, waited } = await tail({
    rows: [],
    turns: [],
    instead: async () => Promise.reject(new TypeError('fetch failed')),
  });
  expect(exitCode).not.toBe(0);
  expect(waited).toEqual([]);
});

test.each([
  ['--last', '201'],
  ['--last', 'x'],
  ['--last', '-1'],
  ['--from', '2026-01-01T00:00:00Z'],
])('%s %s is refused before anything is asked', async (...args) => {
  const { exitCode, asked } = await tail({ rows: [], turns: [] }, ...args);
  expect(exitCode).toBe(2);
  expect(asked).toEqual([]);
});

test('two questions about a list are refused with what to type instead', async () => {
  const { exitCode, err, asked } = await tail({ rows: [], turns: [] }, '--text', 'word', '--action-prefix', 'drills.');
  expect(exitCode).toBe(2);
  expect(err).toContain('--text');
  expect(asked).toEqual([]);
});
