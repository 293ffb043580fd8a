/** Experiments that run beside one another, each against a build of its own: most of an experiment is waiting. */
import { runExperiment, type Experiment, type Outcome } from '../src';
import { newBuild, type Brake } from './broken-build';
import { machineWith } from './suite-target';

export interface Run {
  experiment: Experiment;
  brake: Brake;
}

export interface Ended {
  outcome: Outcome;
  /** What the run left behind in its project. */
  leftovers: string[];
}

/** Gives the end of a run; asked for one of a batch, all of it runs. How one ends is for its own test to tell. */
export const sideBySide = (batches: readonly (readonly Run[])[]): ((run: Run) => Promise<Ended>) => {
  const ends = new Map<Run, Promise<Ended>>();
  const begin = (batch: readonly Run[]): void => {
    const builds = batch.map(({ brake }) => newBuild(brake));
    // Loading one holds up all that answer in this process, so every build is loaded before anything is measured.
    const loaded = Promise.allSettled(builds);
    batch.forEach((run, index) => {
      const end = loaded.then(() => endOf(run, builds[index]));
      end.catch(() => undefined);
      ends.set(run, end);
    });
  };
  return (run) => {
    if (!ends.has(run)) begin(batches.find((batch) => batch.includes(run)) ?? [run]);
    return ends.get(run) ?? Promise.reject(new Error('This run is in none of the batches.'));
  };
};

const endOf = async ({ experiment }: Run, building: ReturnType<typeof newBuild> | undefined): Promise<Ended> => {
  const build = await building;
  if (!build) throw new Error('This run has no build.');
  try {
    const outcome = await runExperiment({ experiment, target: build.target, machine: machineWith() });
    return { outcome, leftovers: await build.leftovers() };
  } finally {
    await build.close();
  }
};
