/** Every command names its own option, whatever field of what it asks is refused. */
import { Command } from 'commander';
import { operations, type OperationName } from '@muster/contract';
import { Failure } from '@muster/client/failure';
import * as z from 'zod';
import { contextOf } from './command-context';
import { askedBy, asks, namesOf } from './field-names';
import type { Machine } from './machine';
import { COMMANDS, failureText } from './output/failure-text';
import { PLAIN } from './output/ink';
import { buildProgram } from './program';

interface Schema {
  properties?: Record<string, Schema>;
  anyOf?: Schema[];
  oneOf?: Schema[];
  allOf?: Schema[];
}

/** Every field of a request down to those that hold no other: `reason`, `roles.incidentCommander`. */
const fieldsOf = (schema: Schema, path = ''): string[] => {
  const inner = [...(schema.anyOf ?? []), ...(schema.oneOf ?? []), ...(schema.allOf ?? [])];
  const properties = Object.entries(schema.properties ?? {});
  if (inner.length > 0 && properties.length === 0) return [...new Set(inner.flatMap((one) => fieldsOf(one, path)))];
  if (properties.length === 0) return path === '' ? [] : [path];
  return properties.flatMap(([name, one]) => fieldsOf(one, path === '' ? name : `${path}.${name}`));
};

const requestFields = (name: OperationName): string[] =>
  fieldsOf(z.toJSONSchema(operations[name].request, { io: 'input', unrepresentable: 'any' }) as Schema);

const program = buildProgram({ stdout: process.stdout, stderr: process.stderr, env: {} } as unknown as Machine);

const leavesOf = (command: Command, path: string): [string, Command][] =>
  command.commands.length === 0
    ? [[path, command]]
    : command.commands.flatMap((one) => leavesOf(one, `${path} ${one.name()}`));
const leaves = leavesOf(program, 'muster');

/** What the library of experiments asks by itself: a field of that is nothing that anybody typed. */
const BY_ITSELF = new Set(['muster chaos run', 'muster gameday']);
/** Of a command that asks by itself for what it shows; they are told in words. */
const inWords = (name: string): boolean => name.startsWith('the ');

const asking = leaves.filter(([, command]) => askedBy(command).length > 0);

test('the commands that ask nothing are these, and all the others are gone through', () => {
  expect(leaves.filter(([, command]) => askedBy(command).length === 0).map(([path]) => path)).toEqual([
    'muster login',
    'muster logout',
    'muster audit verify',
    'muster audit page',
    'muster audit keygen',
    'muster staff bootstrap',
    'muster chaos list',
    'muster chaos show',
  ]);
  expect(asking.length).toBeGreaterThan(50);
});

const told = (command: Command, field: string): string => {
  const refused = new Failure('INVALID_ARGUMENT', 'Refused.', {
    reason: 'BAD_INPUT',
    fields: [{ field, problem: 'p' }],
  });
  return failureText(refused, PLAIN, 100, namesOf(command)).split('\n')[1]?.trim().replace(/: p$/u, '') ?? '';
};

test.each(asking)('%s', (path, command) => {
  const own = [
    ...command.options.map(({ long }) => long ?? ''),
    ...command.registeredArguments.map((one) => one.name().toUpperCase()),
  ];
  const wrong = askedBy(command).flatMap((operation) =>
    requestFields(operation).flatMap((field) => {
      const name = told(command, field);
      // What is wrong within an object that was typed as one is told in brackets.
      const named = name.replace(/ \(\w+\)$/u, '').split(/, | or | and /u);
      const isOwn = inWords(name) || named.every((one) => own.includes(one));
      return isOwn || (BY_ITSELF.has(path) && name === field) ? [] : [`${operation} ${field}: ${name}`];
    }),
  );
  expect(wrong).toEqual([]);
});

/** A message of the backend names operations; whoever reads it at a terminal is told this command. */
const TOLD = Object.entries(COMMANDS).filter(([, command]) => command.startsWith('muster ')) as [
  OperationName,
  string,
][];

test.each(TOLD)('%s is asked by %s', (operation, line) => {
  const named = leaves.filter(([path]) => path === line || path.startsWith(`${line} `));
  expect(named.flatMap(([, command]) => askedBy(command))).toContain(operation);
});

test('what a command did not declare it cannot ask', async () => {
  const machine = { stdout: process.stdout, env: { MUSTER_PROJECT: 'demo-muster' }, now: () => new Date(0) };
  const context = contextOf(machine as unknown as Machine, asks(new Command('one'), 'policy-get'));
  await expect(context.send('drills-list', {})).rejects.toThrow('muster one does not declare that it asks drills-list');
});

describe('a field is named', () => {
  const command = new Command('one').argument('<thing>').option('--many <text>').option('--more <json>');
  asks(command, 'delegations-grant', { capabilities: '--many' });
  const nameOf = namesOf(command);

  test.each([
    ['as its list, when an item of the list is wrong', 'capabilities.1', '--many'],
    ['as the object that was typed, and what is wrong in it', 'more.branch', '--more (branch)'],
    ['as its argument, without the "Id"', 'thingId', 'THING'],
    ['as the contract names it, when nobody typed it', 'elsewhere', 'elsewhere'],
  ])('%s', (_, field, name) => expect(nameOf(field)).toBe(name));

  test('as the contract names it, before any command was understood', () => {
    expect(namesOf(undefined)('dueAt')).toBe('dueAt');
  });
});
