import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { scenarios, values } from '@muster/contract';
import { Failure } from '@muster/client/failure';

/** A scenario under its id, which is the name of its file. */
export interface CatalogEntry {
  id: string;
  scenario: scenarios.Scenario;
}

/** Every scenario of a folder; one that is not valid stops everything, with the fields that are wrong. */
export const readCatalog = (folder: string): CatalogEntry[] =>
  namesIn(folder).map((name) => {
    const id = basename(name, '.json');
    const file = join(folder, name);
    if (!values.scenarioId.safeParse(id).success) throw badFile(file, [{ field: id, problem: 'not an id' }]);
    const scenario = scenarios.scenario.safeParse(parsed(file));
    if (scenario.success) return { id, scenario: scenario.data };
    throw badFile(
      file,
      scenario.error.issues.map(({ path, message }) => ({ field: path.join('.') || '(file)', problem: message })),
    );
  });

const namesIn = (folder: string): string[] => {
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith('.json'))
      .toSorted();
  } catch (error) {
    throw new Failure(
      'INVALID_ARGUMENT',
      `The catalog of scenarios cannot be read: ${folder}.`,
      { reason: 'BAD_INPUT', next: 'Run this in a checkout of Muster, which has catalog/scenarios/.' },
      { cause: error },
    );
  }
};

const parsed = (file: string): unknown => {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as unknown;
  } catch (error) {
    throw badFile(file, [{ field: '(file)', problem: error instanceof Error ? error.message : 'not JSON' }]);
  }
};

const badFile = (file: string, fields: { field: string; problem: string }[]): Failure =>
  new Failure('INVALID_ARGUMENT', `${file} is not a scenario. Nothing was changed.`, {
    reason: 'BAD_INPUT',
    fields,
    next: 'Correct the file; the other files of its folder show how.',
  });
