import type { OperationName } from '../../../functions/src/contract';
import type { Failure } from '../failure';
import type { Ink } from './ink';
import { paragraph } from './paragraph';

/** What someone typed for a field of the contract: `--due` for `dueAt`. */
export type FieldNames = Readonly<Record<string, string>>;

/** The backend names its operations; someone at a terminal needs the command. */
const COMMANDS: Record<OperationName, string> = {
  'drills-schedule': 'muster drill schedule',
  'drills-start': 'muster drill start',
  'drills-recordEvent': 'muster drill event',
  'drills-complete': 'muster drill complete',
  'drills-cancel': 'muster drill cancel',
  'drills-get': 'muster drill show',
  'drills-list': 'muster drill list',
  'policy-enterDegraded': 'muster degraded enter',
  'policy-exitDegraded': 'muster degraded exit',
  'policy-get': 'muster policy',
  'audit-query': 'muster audit',
  'staff-grant': 'muster staff grant',
  'staff-revoke': 'muster staff revoke',
};

/** A failure for people: the sentence, the fields that are wrong, what to do next. */
export const failureText = (failure: Failure, ink: Ink, width: number, names: FieldNames = {}): string => {
  const { fields = [], next, correlationId, reason } = failure.details;
  const typed = fields.map(({ field, problem }) => ({ name: names[field] ?? field, problem }));
  // The backend repeats the fields in its sentence; here each has a line of its own.
  const sentence =
    reason === 'BAD_INPUT' && typed.length > 0 && correlationId !== undefined
      ? 'The input is not valid; nothing was changed.'
      : failure.message;
  const isDefect = failure.code === 'INTERNAL' || failure.code === 'UNAVAILABLE';
  return [
    `${ink.bad('muster:')} ${sentence}`,
    ...typed.map(({ name, problem }) => `  ${ink.strong(name)}: ${problem}`),
    ...(next ? [paragraph(`Next: ${asCommands(next)}`, width, '  ')] : []),
    ...(isDefect && correlationId ? [ink.faint(`  Correlation id: ${correlationId}`)] : []),
  ].join('\n');
};

const asCommands = (text: string): string =>
  Object.entries(COMMANDS)
    .reduce((rest, [operation, command]) => rest.replaceAll(operation, command), text)
    .replace(/supersedes: "(evt_[a-z0-9]+)"/gu, '--supersedes $1');

/** The same for programs, with the exit code, so that a log of stderr alone tells everything. */
export const failureJson = (failure: Failure): string =>
  JSON.stringify({
    error: {
      code: failure.code,
      message: failure.message,
      exitCode: failure.exitCode,
      details: failure.details,
    },
  });
