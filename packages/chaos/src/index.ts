/** Safe, measured experiments against Muster's own brakes. */
export { EXPERIMENTS } from './all-experiments';
export type { Action, Activity, Declaration, Json, Probe, Tolerance } from './declaration';
export type { Experiment, ExperimentFunction } from './experiment';
export { ChaosRefused, passGuards, type ChaosRefusalReason } from './guards';
export { httpTarget, type HttpPlace } from './http-target';
export { journalText, type ActivityResult, type Journal, type JournalSink, type JournalStatus } from './run/journal';
export type { Machine } from './machine';
export type { Phase, Progress, ProgressEvent } from './run/progress';
export { runExperiment } from './run/run-experiment';
export type { Outcome, RunOptions } from './run/run-options';
export { TargetRefusal, type Answered, type CallOptions, type Refused, type StoredTimes, type Target } from './target';
export {
  beginDrill,
  cancelDrill,
  completeDrill,
  EXPERIMENT_SCENARIO,
  GAME_DAY_SCENARIO,
  type Rehearsed,
} from './gameday/drill-record';
export { gameDay, type GameDay, type Played } from './gameday/gameday-figures';
export { gameDayMarkdown } from './gameday/gameday-report';
export { runGameDay, type GameDayOptions, type GameDayOutcome } from './gameday/run-gameday';
