/** A scenario: what can be rehearsed. Files of `catalog/scenarios/` and documents of `scenarios/` have this shape. */
import * as z from 'zod';
import * as v from './values';

/** Exercise kinds of NIST SP 800-84 and HSEEP that Muster tells apart. */
export const exerciseKind = z.enum(['tabletop', 'game_day', 'chaos', 'recovery_test']);

export const scenario = z.strictObject({
  title: v.text(200),
  kind: exerciseKind,
  severity: v.severity,
  cadence: z.enum(['quarterly', 'annual', 'on_demand']),
  summary: v.text(1000),
  objectives: z.array(v.text(300)).min(1).max(20),
  /** What is told to the players, in order: minutes after the start. */
  injects: z.array(z.strictObject({ afterMinutes: v.minutes, text: v.text(1000) })).max(50),
  /** What a team would see, if its detection works. */
  signals: z.array(v.text(300)).max(20),
  /** What a good response does, in order. */
  steps: z.array(v.text(500)).min(1).max(50),
  source: v.text(300).nullable(),
});
export type Scenario = z.infer<typeof scenario>;
