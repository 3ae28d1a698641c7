import type { Rng } from '../../core/rng.ts';
import type { Json } from './types.ts';

/** The variables that Assign has set; a change makes a new object, so branches share what they started with. */
export type Variables = { readonly [name: string]: Json };

/** What an expression may refer to while a state runs. */
export interface Scope {
  /** `$` of JSONPath at this stage; `$states.input` of JSONata. */
  readonly input: Json;
  readonly variables: Variables;
  /** The context object; built when first asked for. */
  readonly context: () => Json;
  readonly nowMs: number;
  readonly rng: Rng;
  /** `$states.result`, once there is one. */
  readonly result?: Json;
  /** `$states.errorOutput`, inside a Catcher. */
  readonly errorOutput?: Json;
}

/** Something that was parsed once and gives a value for each scope; a promise only where JSONata is evaluated. */
export type Evaluator<T = Json> = (scope: Scope) => T | Promise<T>;

/** An evaluator that never waits: everything but JSONata. */
export type SyncEvaluator<T = Json> = (scope: Scope) => T;
