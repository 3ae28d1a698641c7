import type { Graph } from './state.ts';
import type { StateMachineType } from './types.ts';

/** A state machine's definition, prepared for running: nothing of it is parsed again. */
export interface Definition {
  readonly type: StateMachineType;
  readonly graph: Graph;
  /** TimeoutSeconds of the whole machine. */
  readonly timeoutSec: number | undefined;
}
