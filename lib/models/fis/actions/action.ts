import type { LambdaFault } from '../extension/fault.ts';

/** Ranges that whole-number parameters must lie in; the numbers are in config/quotas/fis.yaml. */
export type RangeName = 'percentage' | 'startupDelayMs' | 'statusCode';

/** One parameter of an action, as GetAction describes it. */
export interface ActionParameter {
  readonly description: string;
  readonly required: boolean;
  /**
   * `duration`: ISO 8601, held to FIS's limits. `json-object`: a JSON object of strings or lists of strings. `integer`: a whole number within
   * `range`. `boolean`: true or false. `list`: texts separated by commas, each as `items` wants it.
   */
  readonly kind: 'duration' | 'json-object' | 'text' | 'integer' | 'boolean' | 'list';
  readonly range?: RangeName;
  readonly items?: { readonly pattern: RegExp; readonly what: string };
}

/** What a running action does, free of how: the engine that has a clock and can call APIs does it. */
export type ActionWork =
  | { readonly kind: 'wait'; readonly durationSec: number }
  | {
      readonly kind: 'automation';
      readonly documentArn: string;
      readonly documentVersion: string | undefined;
      readonly parameters: Readonly<Record<string, readonly string[]>>;
      /** A kill timer: the automation is cancelled when it runs longer. */
      readonly maxDurationSec: number;
    }
  /** Lets the extension in each function's environments inject `fault` for a while. */
  | { readonly kind: 'lambda-fault'; readonly fault: LambdaFault; readonly durationSec: number }
  /** Fails unless each alarm is in one of `states` now. */
  | { readonly kind: 'assert-alarm-state'; readonly alarmArns: readonly string[]; readonly states: readonly string[] };

/** One action of FIS that the lab runs. */
export interface ActionDefinition {
  readonly actionId: string;
  readonly description: string;
  readonly parameters: Readonly<Record<string, ActionParameter>>;
  /** The action's own names for its targets -> resource type. */
  readonly targets: Readonly<Record<string, string>>;
  /** What to do; `parameters` passed validation. */
  plan(parameters: Readonly<Record<string, string>>): ActionWork;
}
