/** One parameter of an action, as GetAction describes it. */
export interface ActionParameter {
  readonly description: string;
  readonly required: boolean;
  /** `duration`: ISO 8601, held to FIS's limits. `json-object`: a JSON object of strings or lists of strings. */
  readonly kind: 'duration' | 'json-object' | 'text';
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
    };

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
