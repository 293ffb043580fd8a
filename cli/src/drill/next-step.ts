import { drills } from '@muster/contract';

/** What a drill waits for, as a command to copy; nothing when it is over. */
export const nextStep = ({ id, status, milestones }: drills.DrillView): string[] => {
  if (status === 'scheduled') return [`Next: muster drill start ${id}`];
  if (status !== 'in_progress') return [];
  const waiting = drills.milestone.options.find((name) => milestones[name] === null);
  return [
    `Next: muster drill ${waiting ? `event ${id} ${waiting}` : `complete ${id} --outcome ${drills.drillOutcome.options.join('|')}`}`,
  ];
};
