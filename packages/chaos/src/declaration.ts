/**
 * How an experiment is declared: the form of the Chaos Toolkit (https://chaostoolkit.org/reference/api/experiment/),
 * as data. What a provider's `func` does is bound to it by the experiment.
 */
import type { chaos } from '@muster/contract';

export type Json = string | number | boolean | null | Json[] | { [name: string]: Json };

/** `function`: one of the functions that the experiment binds. The Chaos Toolkit's own kinds run other programs. */
export interface Provider {
  type: 'function';
  module: '@muster/chaos';
  func: string;
  arguments?: Record<string, Json>;
}

/** What a probe may answer: exactly this, or a number between two, both included. */
export type Tolerance = boolean | number | string | { type: 'range'; range: [number, number] };

interface Named {
  name: string;
  provider: Provider;
  /** Begins here and goes on beside what follows; the method waits for it at its end. */
  background?: boolean;
  /** Seconds. */
  pauses?: { before?: number; after?: number };
}

export interface Action extends Named {
  type: 'action';
}

/** In a method as well, a probe outside of its tolerance means that the experiment deviated. */
export interface Probe extends Named {
  type: 'probe';
  tolerance: Tolerance;
}

export type Activity = Action | Probe;

/** What the Chaos Toolkit has no word for. */
export interface MusterExtension {
  name: 'muster';
  experiment: chaos.ExperimentName;
  /** How many connectors it registers. */
  connectors: number;
  /** Asked every second while the method runs; the first that is outside of its tolerance ends it. */
  'stop-conditions': Probe[];
  'time-limit-seconds': number;
}

export interface Declaration {
  version: '1.0.0';
  title: string;
  description: string;
  tags: string[];
  'steady-state-hypothesis': { title: string; probes: Probe[] };
  method: Activity[];
  rollbacks: Action[];
  extensions: [MusterExtension];
}

const provider = (func: string, given?: Record<string, Json>): Provider => ({
  type: 'function',
  module: '@muster/chaos',
  func,
  ...(given ? { arguments: given } : {}),
});

export const action = (name: string, func: string, given?: Record<string, Json>): Action => ({
  type: 'action',
  name,
  provider: provider(func, given),
});

export const inBackground = (name: string, func: string, given?: Record<string, Json>): Action => ({
  ...action(name, func, given),
  background: true,
});

export const probe = (name: string, func: string, tolerance: Tolerance, given?: Record<string, Json>): Probe => ({
  type: 'probe',
  name,
  tolerance,
  provider: provider(func, given),
});

/** As many as this, or more. */
export const atLeast = (count: number): Tolerance => ({ type: 'range', range: [count, 1_000_000] });

export const within = (tolerance: Tolerance, value: unknown): boolean =>
  typeof tolerance === 'object'
    ? typeof value === 'number' && value >= tolerance.range[0] && value <= tolerance.range[1]
    : value === tolerance;
