import { folded } from './folded';
import type { OperationName } from '@muster/contract';
import type { Failure } from '@muster/client/failure';
import { failureWords } from '@muster/client/failure-words';
import { exitCodeOf } from '../exit-codes';
import type { NameOf } from '../field-names';
import type { Ink } from './ink';
import { legibleJson } from './legible';
import { notContainedText } from '../policy/containment-text';
import { paragraph } from './paragraph';

/** The backend names its operations; someone at a terminal needs the command. */
export const COMMANDS: Record<OperationName, string> = {
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
  'policy-kill': 'muster policy kill',
  'policy-restore': 'muster policy restore',
  'policy-ledger': 'muster policy ledger',
  'delegations-grant': 'muster delegation grant',
  'delegations-revoke': 'muster delegation revoke',
  'delegations-list': 'muster delegation list',
  'exemptions-grant': 'muster exemption grant',
  'exemptions-revoke': 'muster exemption revoke',
  'exemptions-list': 'muster exemption list',
  'connectors-register': 'muster connector register',
  'connectors-health': 'muster connector health',
  'connectors-list': 'muster connector list',
  'connectors-probe': 'muster connector probe',
  'connectors-pause': 'muster connector pause',
  'connectors-resume': 'muster connector resume',
  'connectors-send': 'muster connector send',
  'connectors-deliver': 'muster connector deliver',
  'connectors-writes': 'muster connector writes',
  'connectors-redeliver': 'muster connector redeliver',
  'connectors-release': 'muster connector release',
  'connectors-discard': 'muster connector discard',
  'proposals-request': 'muster proposal request',
  'proposals-approve': 'muster proposal approve',
  'proposals-reject': 'muster proposal reject',
  'proposals-reopen': 'muster proposal reopen',
  'proposals-execute': 'muster proposal execute',
  'proposals-list': 'muster proposal list',
  'chaos-status': 'muster chaos status',
  'chaos-arm': 'muster chaos run',
  'chaos-continue': 'chaos-continue',
  'chaos-write': 'chaos-write',
  'chaos-finish': 'chaos-finish',
  'chaos-list': 'muster chaos runs',
  'chaos-stop': 'muster chaos stop',
  'chaos-lift': 'muster chaos lift',
  'chaos-refused': 'chaos-refused',
  'posture-get': 'muster posture',
  'sessions-revoke': 'muster session revoke',
  'audit-query': 'muster audit',
  'audit-stats': 'muster audit stats',
  'audit-queries-save': 'muster audit queries save',
  'audit-queries-list': 'muster audit queries list',
  'audit-queries-delete': 'muster audit queries delete',
  'audit-append': 'muster audit append',
  'audit-prove': 'muster audit prove',
  'audit-export': 'muster audit export',
  'audit-range': 'muster audit export',
  'audit-head': 'muster audit head',
  'audit-seal': 'muster audit seal',
  'audit-hold': 'muster audit hold',
  'audit-release': 'muster audit release',
  'audit-holds': 'muster audit holds',
  'audit-cosign': 'muster audit witness',
  'staff-list': 'muster staff list',
  'staff-grant': 'muster staff grant',
  'staff-revoke': 'muster staff revoke',
};

/** A failure for people: the sentence, the fields that are wrong, what to do next. */
export const failureText = (failure: Failure, ink: Ink, width: number, nameOf: NameOf = asItIs): string => {
  const { sentence, fields, next, activation, correlationId, notContained } = folded(failureWords(failure, nameOf));
  return [
    notContained ? notContainedText(failure, ink, width) : `${ink.bad('muster:')} ${sentence}`,
    ...fields.map(({ field, problem }) => `  ${ink.strong(field)}: ${problem}`),
    ...(next ? [paragraph(`Next: ${asCommands(next)}`, width, '  ')] : []),
    ...(activation ? [ink.faint(`  Refused by ${activation}: muster policy ledger`)] : []),
    ...(correlationId ? [ink.faint(`  Correlation id: ${correlationId}`)] : []),
  ].join('\n');
};

const asItIs: NameOf = (field) => field;

const asCommands = (text: string): string =>
  Object.entries(COMMANDS)
    .reduce((rest, [operation, command]) => rest.replaceAll(operation, command), text)
    .replaceAll('with breakGlass', 'with --break-glass')
    .replace(/supersedes: "(evt_[a-z0-9]+)"/gu, '--supersedes $1');

/** The same for programs, with the exit code, so that a log of stderr alone tells everything. */
export const failureJson = (failure: Failure): string =>
  legibleJson({
    error: {
      code: failure.code,
      message: failure.message,
      exitCode: exitCodeOf(failure),
      details: failure.details,
    },
  });
