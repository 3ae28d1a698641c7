/** proofload's public API: what exercise files, data files and tools import from `proofload`. */
export type { Sample } from './record/types.ts';
