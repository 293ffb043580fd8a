import type { Command } from 'commander';
import type { OperationName, ResponseOf } from '@muster/contract';
import { credentialsIn, type Credentials } from './credentials';
import { destinationFrom, type Destination, type WhereTo } from '@muster/client/destination';
import type { Machine } from './machine';
import type { Patience } from '@muster/client/callable-client';
import { callOperation, newRequestId, type Answer, type Asked } from '@muster/client/operation-call';
import { askedBy } from './field-names';
import { folded } from './output/folded';
import { inkFor } from './output/ink';
import { legible, legibleJson } from './output/legible';
import { WIDEST, type Page } from './output/page';
import { tokenSource } from '@muster/client/token-source';

/** Options that every command takes. */
export interface GlobalOptions extends WhereTo {
  json?: boolean;
  color: boolean;
}

/** What a command has to work with once its line was read. */
export interface CommandContext {
  machine: Machine;
  json: boolean;
  page: Page;
  credentials: Credentials;
  destination: () => Destination;
  /** Writes the answer: a page for people, made of the response with its line breaks folded, or exactly the response for programs. */
  answer: <Response>(response: Response, shown: (response: Response) => string) => void;
  ask: <Name extends OperationName>(name: Name, asked: Asked<Name>, show: Show<Name>) => Promise<void>;
  /** The same for a change: it gets an id if it was given none, so that repeating it is safe. */
  change: <Name extends OperationName>(name: Name, asked: Asked<Name>, show: Show<Name>) => Promise<void>;
  /** The answer as it came, for who shows it in a way of its own. */
  send: <Name extends OperationName>(name: Name, asked: Asked<Name>, patience?: Patience) => Promise<Answer<Name>>;
  /** The answer alone, for who joins several. */
  fetch: <Name extends OperationName>(name: Name, asked: Asked<Name>) => Promise<ResponseOf<Name>>;
}

/** Whoever repeats a change must not take the second answer for a second change, nor for a first that did not come through. */
const doneBefore = (requestId: string): string =>
  `Done before, by the same request (--request-id ${requestId}): nothing was changed again.\nWhat was answered then: the same line with --json.`;

export type Show<Name extends OperationName> = (response: ResponseOf<Name>, page: Page) => string;

export const contextOf = (machine: Machine, command: Command): CommandContext => {
  const options = command.optsWithGlobals<GlobalOptions>();
  const { stdout, env } = machine;
  const page: Page = {
    ink: inkFor(stdout, env, options.color),
    width: Math.min(stdout.columns ?? WIDEST, WIDEST),
    now: machine.now(),
  };
  const credentials = credentialsIn(env);
  const destination = () => destinationFrom(options, env, credentials.last());
  const json = options.json ?? false;
  const answer: CommandContext['answer'] = (response, shown) => {
    stdout.write(`${json ? legibleJson(response, 2) : legible(shown(folded(response)))}\n`);
  };
  const send: CommandContext['send'] = async (name, asked, patience) => {
    if (!askedBy(command).includes(name))
      throw new Error(`muster ${command.name()} does not declare that it asks ${name}`);
    const where = destination();
    const tokens = tokenSource(machine, where, credentials);
    return callOperation({ machine, destination: where, tokens }, name, asked, patience);
  };
  const ask: CommandContext['ask'] = async (name, asked, show) => {
    const { sent, checked } = await send(name, asked);
    answer(sent, () => show(folded(checked()), page));
  };
  return {
    machine,
    json,
    page,
    credentials,
    destination,
    answer,
    ask,
    send,
    change: (name, asked, show) => {
      const { requestId: given } = asked as { requestId?: string };
      const requestId = given ?? newRequestId();
      return ask(name, { ...asked, requestId }, (response, shown) => {
        if ((response as { repeated?: boolean }).repeated !== true) return show(response, shown);
        // Of an id that nobody else has, it was an attempt of this very command whose answer was lost.
        return given === undefined ? show({ ...response, changed: true }, shown) : doneBefore(requestId);
      });
    },
    fetch: async (name, asked) => (await send(name, asked)).checked(),
  };
};
