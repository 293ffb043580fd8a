import type { Progress, ProgressEvent } from '@muster/chaos';
import type { CommandContext } from '../command-context';
import { inkFor, type Ink } from '../output/ink';
import { legible, legibleJson } from '../output/legible';

const PHASES: Record<ProgressEvent['phase'], string> = {
  guards: '',
  arm: '',
  before: 'steady before: ',
  method: '',
  stop: '',
  rollback: 'rollback: ',
  after: 'steady after: ',
  finish: '',
};

/** Each step as it ends, on stderr: lines for people, or every event as JSON for programs. */
export const progressOn = ({ machine, json }: CommandContext, color: boolean): Progress => {
  const ink = inkFor(machine.stderr, machine.env, color);
  return (event) => {
    const shown = json ? legibleJson(event) : lineOf(event, ink);
    if (shown !== undefined) machine.stderr.write(`${json ? shown : legible(shown)}\n`);
  };
};

const lineOf = (event: ProgressEvent, ink: Ink): string | undefined => {
  const { phase, state, name, ok, message, experiment, experimentId } = event;
  if (state === 'begins') return phase === 'guards' ? ink.strong(experiment) : undefined;
  if (phase === 'arm') return `  ${ink.good('✓')} armed ${ink.faint(experimentId ?? '')}`;
  if (phase === 'finish') return `  ${mark(ok, ink)} ${ok ? 'passed' : 'ended'}${message ? `: ${message}` : ''}`;
  const detail = message ?? (ok === null ? whyNot(event.output) : measured(event.output));
  return `  ${mark(ok, ink)} ${PHASES[phase]}${name}${detail ? ink.faint(`  ${detail}`) : ''}`;
};

const mark = (ok: boolean | null | undefined, ink: Ink): string =>
  ok === null || ok === undefined ? ink.faint('·') : ok ? ink.good('✓') : ink.bad('✗');

const whyNot = (output: unknown): string =>
  typeof output === 'object' && output !== null && 'why' in output ? `does not apply: ${String(output.why)}` : '';

/** A number is worth showing; that something is true was said by the mark. */
const measured = (output: unknown): string => {
  const value = typeof output === 'object' && output !== null && 'value' in output ? output.value : output;
  if (typeof value === 'number' || typeof value === 'string') return String(value);
  if (typeof output !== 'object' || output === null || value === false) return '';
  const told = 'brakeMs' in output ? output.brakeMs : 'recoveryMs' in output ? output.recoveryMs : undefined;
  return typeof told === 'number' ? `${Math.round(told)} ms` : '';
};
