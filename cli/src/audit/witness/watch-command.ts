import { once } from 'node:events';
import type { Command } from 'commander';
import { ED25519, NoteError, parseVerifierKey, type VerifierKey } from '@muster/tlog/note';
import { contextOf, type CommandContext } from '../../command-context';
import { AlreadyTold, EXIT } from '../../exit-codes';
import { badUsage, Failure } from '@muster/client/failure';
import { asksAsWitness } from '../asked-unseen';
import type { Machine } from '../../machine';
import { legible, legibleJson } from '../../output/legible';
import { alarmText, vouchedText } from './pages';
import { witnessKeyIn } from './key-file';
import { witnessServer } from './listen';
import { beginState } from './state-file';
import { stateOf, StateMissing, type Vouched, type Witness } from './vouch';
import { watchOnce, type Alarm } from './watch';
import { DamagedState } from './witness-state';
import { collected } from '../../options/changing';

interface WitnessOptions {
  log: string[];
  key: string;
  state: string;
  begin?: boolean;
  submit: boolean;
  every?: string;
  listen?: string;
  host: string;
}

/** `muster audit witness` */
export const addAuditWitness = (audit: Command, machine: Machine): void => {
  asksAsWitness(audit.command('witness'))
    .description('cosign heads of the log that go on from the last one seen; refuses a fork, a rollback: exit code 9')
    .requiredOption('--log <key>', 'the key of the log (repeatable while it is replaced)', collected)
    .requiredOption('--key <file>', 'the key of this witness: muster audit keygen --witness')
    .requiredOption('--state <file>', 'what it remembers: who loses this file must take a new key')
    .option('--begin', 'the first time: makes the state file')
    .option('--no-submit', 'only watch: print the cosigned note, and give it to nobody')
    .option('--every <minutes>', 'go on, and look again after so many minutes')
    .option('--listen <port>', 'be a C2SP witness over HTTP instead: POST /add-checkpoint')
    .option('--host <address>', 'where it listens', '127.0.0.1')
    .action(async (options: WitnessOptions, command: Command) => {
      const context = contextOf(machine, command);
      const witness = await begun(machine, options);
      await toldInWords(options.state, () =>
        options.listen === undefined
          ? watch(context, witness, options)
          : listen(context, witness, numberIn('--listen', options.listen, 65_535), options.host),
      );
    });
};

const begun = async (
  { now }: Machine,
  { log, key: keyFile, state, begin = false }: WitnessOptions,
): Promise<Witness> => {
  const logs = log.map(logKeyFrom);
  const key = await witnessKeyIn(keyFile);
  if (begin && !(await beginState(state, key)))
    throw badUsage(`${state} exists: this witness has begun.`, 'Leave --begin out.');
  return { logs, key, file: state, now };
};

const logKeyFrom = (text: string): VerifierKey => {
  try {
    const key = parseVerifierKey(text);
    if (key.type === ED25519) return key;
    throw new NoteError('it is the key of a witness');
  } catch (error) {
    if (!(error instanceof NoteError)) throw error;
    throw badUsage(`${text} is not the key of a log: ${error.message}.`, 'The log tells its own: muster audit head.');
  }
};

const numberIn = (option: string, text: string, most: number): number => {
  const value = Number(text);
  if (/^\d{1,6}$/u.test(text) && value <= most) return value;
  throw badUsage(`${option} is a whole number up to ${most}.`, `Such as ${option} 10.`);
};

const watch = async (context: CommandContext, witness: Witness, options: WitnessOptions): Promise<void> => {
  if (new Set(witness.logs.map(({ name }) => name)).size > 1)
    throw badUsage('The keys are of different logs; one backend has one.', 'Watch each by itself, or use --listen.');
  const every = options.every === undefined ? undefined : numberIn('--every', options.every, 10_080);
  if (every === 0) throw badUsage('--every is 1 minute at least.', 'Such as --every 10.');
  for (;;) {
    await orLater(context, every !== undefined, () => watchAndTell(context, witness, options.submit));
    if (every === undefined) return;
    await context.machine.wait(every * 60_000);
  }
};

const watchAndTell = async (context: CommandContext, witness: Witness, submit: boolean): Promise<void> => {
  const watched = await watchOnce(context, witness);
  if ('alarm' in watched) throw alarmed(context, watched);
  if ('empty' in watched)
    return context.answer({ cosigned: null }, () => 'Nothing is sealed yet, so there is nothing to cosign.');
  const submitted = submit ? await submitTo(context, watched) : undefined;
  const { origin, size, note, line } = watched;
  context.answer({ cosigned: { origin, size, note, cosignature: line }, submitted: submitted?.added ?? null }, () =>
    vouchedText(watched, submitted, context.page),
  );
};

const submitTo = async ({ fetch }: CommandContext, { size, line }: Vouched): Promise<{ added: boolean }> =>
  fetch('audit-cosign', { size, cosignature: line });

/** Programs read it on stdout, people on stderr, and nobody can miss the exit code. */
const alarmed = ({ json, machine, page }: CommandContext, alarm: Alarm): AlreadyTold => {
  if (json) machine.stdout.write(`${legibleJson(alarm, 2)}\n`);
  machine.stderr.write(`${legible(alarmText(alarm, page))}\n`);
  return new AlreadyTold(EXIT.unproven);
};

/** A backend that cannot be reached for a while does not end a witness that goes on. */
const orLater = async ({ machine }: CommandContext, goesOn: boolean, look: () => Promise<void>): Promise<void> => {
  try {
    await look();
  } catch (error) {
    if (!goesOn || !(error instanceof Failure) || !mayPass(error)) throw error;
    machine.stderr.write(`${machine.now().toISOString()} ${legible(error.message)} It is tried again.\n`);
  }
};

/** What fails inside the backend does not pass by itself: a log whose tiles are damaged fails so, and someone must hear of it. */
const mayPass = ({ code }: Failure): boolean => code === 'UNAVAILABLE' || code === 'CONTENTION';

const listen = async (context: CommandContext, witness: Witness, port: number, host: string): Promise<void> => {
  // Before the first one asks: a state that is damaged is told to whoever starts it, and not to a log.
  await stateOf(witness);
  const { stdout, stderr, onInterrupt } = context.machine;
  let forked = false;
  const server = witnessServer(
    witness,
    (judged) => {
      if ('refused' in judged) {
        const { refused, evidence = null } = judged;
        stderr.write(`refused with ${refused.status}: ${legible(refused.problem)}\n`);
        if (!refused.fork) return;
        forked = true;
        stderr.write(`${legible(alarmText({ alarm: 'fork', what: refused.problem, evidence }, context.page))}\n`);
      } else stdout.write(`cosigned ${legible(judged.origin)} with ${judged.size} leaves\n`);
    },
    (error) => stderr.write(`the state could not be read or saved: ${(error as Error).message}\n`),
  );
  server.listen(port, host);
  await once(server, 'listening');
  const address = server.address();
  const chosen = typeof address === 'object' && address ? address.port : port;
  stdout.write(`Listening on http://${host}:${chosen}/add-checkpoint\n`);
  const ended = new Promise<void>((resolve) => {
    onInterrupt(() => resolve());
  });
  await ended;
  server.closeAllConnections();
  server.close();
  // It went on for the other logs; whoever started it must hear of it at the end too.
  if (forked) throw new AlreadyTold(EXIT.unproven);
};

/** What is wrong with the state file, for whoever must now decide what to do: it is never begun anew by itself. */
const toldInWords = async (file: string, task: () => Promise<void>): Promise<void> => {
  try {
    await task();
  } catch (error) {
    if (error instanceof StateMissing)
      throw badUsage(
        `There is no state file ${file}.`,
        'If this witness has never run: --begin. If it has, find the file: without it, it could be shown another log.',
      );
    if (error instanceof DamagedState)
      throw new Failure(
        'CONFLICT',
        `The state file ${file} is damaged: ${error.message}. Nothing was cosigned.`,
        {
          reason: 'WRONG_STATE',
          state: 'damaged',
          next: 'Find out who changed it, and restore it from a copy. Without one, retire this key and begin with a new one.',
        },
        { cause: error },
      );
    throw error;
  }
};
