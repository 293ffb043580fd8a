/** What a command asks of the backend, and what someone types for each field of that: `--due` for `dueAt`. */
import type { Command } from 'commander';
import type { OperationName, RequestOf } from '@muster/contract';

type Field<Name extends OperationName> = keyof RequestOf<Name> & string;

/** How fields are typed. Only those that are not called as their option or argument is need to be said. */
export type Typed<Name extends OperationName> = Readonly<
  Partial<Record<Field<Name> | `${Field<Name>}.${string}`, string>>
>;

/** The name under which a field was typed. */
export type NameOf = (field: string) => string;

const asked = new WeakMap<Command, Map<OperationName, Readonly<Record<string, string>>>>();

/** Declares that a command asks this operation. What is not declared cannot be asked, so that no command is forgotten. */
export const asks = <Name extends OperationName>(
  command: Command,
  operation: Name,
  typed: Typed<Name> = {} as Typed<Name>,
): Command => {
  const operations = asked.get(command) ?? new Map<OperationName, Readonly<Record<string, string>>>();
  asked.set(command, operations.set(operation, typed as Readonly<Record<string, string>>));
  return command;
};

/** The same of a command that asks several. */
export const asksEach = (command: Command, typed: { readonly [Name in OperationName]?: Typed<Name> }): Command => {
  for (const operation of Object.keys(typed) as OperationName[]) asks(command, operation, typed[operation]);
  return command;
};

/** Every operation that a command may ask. */
export const askedBy = (command: Command): OperationName[] => [...(asked.get(command)?.keys() ?? [])];

/** How fields are typed at this command; what it does not know stays as the contract calls it. */
export const namesOf =
  (command: Command | undefined): NameOf =>
  (field) =>
    (command && nameIn(command, field)) ?? field;

/** An item of a list was typed under the name of the list, and what is within an object under that of the object. */
const nameIn = (command: Command, field: string): string | undefined => {
  const name = declaredName(command, field) ?? ownName(command, field);
  const dot = field.lastIndexOf('.');
  if (name !== undefined || dot === -1) return name;
  const [outer, inner] = [nameIn(command, field.slice(0, dot)), field.slice(dot + 1)];
  return outer === undefined || /^\d+$/u.test(inner) ? outer : `${outer} (${inner})`;
};

const declaredName = (command: Command, field: string): string | undefined =>
  [...(asked.get(command)?.values() ?? [])].find((names) => names[field] !== undefined)?.[field];

/** `<drill>` and `--drill` are `drillId` too: nobody types "id" at a terminal. */
const ownName = (command: Command, field: string): string | undefined => {
  const isIt = (name: string) => name === field || `${name}Id` === field;
  const argument = command.registeredArguments.find((one) => isIt(one.name()));
  if (argument) return argument.name().toUpperCase();
  return command.options.find((one) => isIt(one.attributeName()))?.long ?? undefined;
};
