/** proofload's public API: what exercise and data files import from `proofload`. */
export type { DataContext, DataModule, SeedContext } from './run/data.ts';
export { defineExercise, type Exercise, type ExerciseSetting, type FaultUse, type FlowTraffic, type PhaseLengths, resource } from './run/exercise.ts';
export type { Invariant, InvariantContext, InvariantResult, Quiet } from './run/invariants.ts';
export { type ArrivalProfile, constant, ramp, spike, steps } from './traffic/arrivals.ts';
