import type { BlockLayout } from './blocks.ts';
import type { Arrival } from './types.ts';

/** start us, duration us, bytes received; operation, status, error; ok: 19 bytes a sample. */
export const sampleLayout: BlockLayout = { kind: 1, columns: ['u32', 'u32', 'u32', 'u16', 'u16', 'u16', 'u8'] };

/** intended start us, lateness us, duration us; flow; state: 15 bytes an arrival. */
export const arrivalLayout: BlockLayout = { kind: 2, columns: ['u32', 'i32', 'u32', 'u16', 'u8'] };

/** What the state column of an arrival says; a number once given keeps its meaning for ever. */
export const arrivalStates = { started: 0, ended: 1, 'system-slow': 2, 'generator-slow': 3 } as const;

export function arrivalState(arrival: Arrival): number {
  if (arrival.dropped) return arrivalStates[arrival.dropped];
  return arrival.durationMs === undefined ? arrivalStates.started : arrivalStates.ended;
}

/** Names of the pieces of a record, below its folder. */
export const pieces = {
  manifest: 'manifest.json',
  plan: 'plan.json',
  prices: 'prices.json',
  journal: 'journal.jsonl',
  health: 'health.jsonl',
  references: 'references.json',
  resources: 'resources.json',
  metrics: 'metrics.jsonl',
  imported: 'imported.json',
  samples: 'samples',
  arrivals: 'arrivals',
} as const;
