import type { Command } from 'commander';
import { buildProgram } from '../program';
import type { Machine } from '../machine';

/** Where a line leads, and with which options; nothing is asked. */
const leadsTo = async (line: string): Promise<{ command: string; options: object }> => {
  const program = buildProgram({ stdout: process.stdout, stderr: process.stderr, env: {} } as unknown as Machine);
  const audit = program.commands.find((one) => one.name() === 'audit');
  if (!audit) throw new Error('no audit');
  audit.command('other').option('--from <time>').option('--limit <number>').option('--out <file>');
  let led: { command: string; options: object } | undefined;
  for (const one of audit.commands) {
    one.action((...given: unknown[]) => {
      const command = given.at(-1) as Command;
      led = { command: command.name(), options: command.optsWithGlobals() };
    });
  }
  await program.parseAsync(line.split(' '), { from: 'user' });
  if (!led) throw new Error(`"${line}" leads nowhere`);
  return led;
};

test('alone, it asks, with all of its options', async () => {
  expect(await leadsTo('audit --from X --actor other --json')).toMatchObject({
    command: 'query',
    options: { from: 'X', actor: 'other', json: true },
  });
  expect(await leadsTo('audit')).toMatchObject({ command: 'query' });
  expect(await leadsTo('audit query --to Y')).toMatchObject({ command: 'query', options: { to: 'Y' } });
});

test('an option of another command is not taken for one of the query', async () => {
  expect(await leadsTo('audit other --from X --limit 7 --out F')).toMatchObject({
    command: 'other',
    options: { from: 'X', limit: '7', out: 'F' },
  });
  expect(await leadsTo('audit head --at-or-before X')).toMatchObject({ command: 'head', options: { atOrBefore: 'X' } });
});

test('what is no command is refused, not asked for', async () => {
  await expect(leadsTo('audit exprot')).rejects.toThrow(/too many arguments|unknown command/u);
});
