/** What the processes of the race are told, and what they tell. */

/** How a worker goes about its write. `naive` is the anti-pattern: it asks, and then writes past the guard. */
export type Way = 'guarded' | 'naive' | 'hung';

export interface WorkerPlan {
  way: Way;
  actor: string;
  authTime?: number;
  owner?: string;
  delegation?: string;
}

export interface ProcessPlan {
  projectId: string;
  workers: WorkerPlan[];
}

/** What every worker wants to do. */
export const CAPABILITY = 'shipping.commit';

/** Where the writes of a way are found afterwards. */
export const EFFECTS: Record<Way, string> = { guarded: 'effects', hung: 'effects', naive: 'naiveEffects' };

export type ToParent =
  | { type: 'ready' }
  /** Guarded attempts that came to an end since the last word: done, or refused. */
  | { type: 'progress'; done: number; refused: number }
  /** A worker hangs in the middle of its guarded work. */
  | { type: 'hanging' }
  | { type: 'failed'; message: string };

export type ToChild = { type: 'go' } | { type: 'release' } | { type: 'stop' };
