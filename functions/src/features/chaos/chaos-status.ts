import { defineRead } from '../../platform/operations/define-read';
import { chaosAsStored, forbiddenNow, standingStop } from './chaos-document';
import { armedExperiments, experimentDocument, MOST_ARMED, toExperimentView } from './experiment-document';

/** `chaos-status`: revocation, stop, and the experiments that are armed (or one read that finds none). */
export const chaosStatus = defineRead('chaos-status', {
  cost: { reads: 2 + MOST_ARMED, writes: 0 },
  async answer({ work, environment }) {
    const stopped = standingStop(await work.read(chaosAsStored()));
    const armed = await work.find(armedExperiments(experimentDocument));
    const forbidden = forbiddenNow(environment, stopped);
    return {
      environment,
      allowed: forbidden === null,
      why: forbidden && `${forbidden.message} ${forbidden.details.next ?? ''}`.trim(),
      stopped: stopped && { ...stopped, at: stopped.at.toISOString() },
      armed: armed.map(({ id, data }) => toExperimentView(id, data)),
    };
  },
});
