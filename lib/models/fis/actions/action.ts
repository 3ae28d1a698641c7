import type { LambdaFault } from '../extension/fault.ts';

/** Ranges that numbers must lie in; the numbers are in config/quotas/fis.yaml and fis-actions.yaml. */
export type RangeName = 'percentage' | 'load' | 'startupDelayMs' | 'statusCode' | 'ioPercentage' | 'ioLatencyMs' | 'port';

/** Bounds of durations; `action` are those of nearly all. */
export type DurationName = 'action' | 'volumeIo' | 'spotInterruption' | 'virtualInterface' | 'stress';

/** What the value of a parameter, a text like all of FIS's, must be. */
export interface ValueRule {
  /**
   * `duration`: ISO 8601, within `bounds` (default: `action`). `json-object`: a JSON object of strings or lists of strings; `json`: any JSON object.
   * `integer`, `number`: within `range`, if there is one. `boolean`: true or false. `choice`: one of `choices`. `list`: texts separated by
   * commas, each as `items` wants it, if it wants anything.
   */
  readonly kind: 'duration' | 'json-object' | 'json' | 'text' | 'integer' | 'number' | 'boolean' | 'choice' | 'list';
  readonly bounds?: DurationName;
  readonly range?: RangeName;
  readonly choices?: readonly string[];
  readonly items?: { readonly pattern: RegExp; readonly what: string; readonly most?: 'alarms' };
  readonly required: boolean;
}

/** One parameter of an action, as GetAction describes it. */
export interface ActionParameter extends ValueRule {
  readonly description: string;
}

/** What a template must say of an action, whether the lab runs it or not. */
export interface ActionShape {
  readonly actionId: string;
  readonly parameters: Readonly<Record<string, ValueRule>>;
  /** The action's own names for its targets -> resource type. */
  readonly targets: Readonly<Record<string, string>>;
  /** Where not every way of naming targets is taken: ARNs only, one ARN only, tags only. */
  readonly targetsBy?: 'arns' | 'one-arn' | 'tags';
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
export interface ActionDefinition extends ActionShape {
  readonly description: string;
  readonly parameters: Readonly<Record<string, ActionParameter>>;
  /** What to do; `parameters` passed validation. */
  plan(parameters: Readonly<Record<string, string>>): ActionWork;
}
