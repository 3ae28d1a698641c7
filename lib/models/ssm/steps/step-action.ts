/** One call of an API: service as Automation names it, operation in PascalCase. */
export interface ApiCall {
  readonly service: string;
  readonly operation: string;
  readonly input: Readonly<Record<string, unknown>>;
}

/** What a step does, free of how: the engine that has a clock and can call APIs does it. */
export type StepWork =
  | { readonly kind: 'branch' }
  | { readonly kind: 'sleep'; readonly durationMs: number }
  | { readonly kind: 'call'; readonly call: ApiCall }
  /** One read that must find a desired value at `selector`. */
  | { readonly kind: 'assert'; readonly call: ApiCall; readonly selector: string; readonly desired: readonly string[] }
  /** Reads again and again until it finds one. */
  | { readonly kind: 'wait'; readonly call: ApiCall; readonly selector: string; readonly desired: readonly string[] };

export interface StepAction {
  readonly action: string;
  /** What is wrong with a step's inputs, before anything runs. */
  check(inputs: Readonly<Record<string, unknown>>, limits: StepLimits): string[];
  /** What to do; inputs are interpolated (a branch's are not: it looks its variables up itself). Throws Error for values that make no sense. */
  plan(inputs: Readonly<Record<string, unknown>>, nowMs: number): StepWork;
  /** Outputs that every such step has, beside those that it declares. */
  readonly outputs: readonly string[];
  /** Whether the step may declare outputs of its own. */
  readonly declaresOutputs: boolean;
}

export interface StepLimits {
  readonly sleepMaxSec: number;
}
