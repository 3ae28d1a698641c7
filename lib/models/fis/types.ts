/** Members of AWS FIS's templates as its API has them; written out because `@aws-sdk/client-fis` 3.523 lacks some. */
export interface TemplateTarget {
  readonly resourceType: string;
  readonly resourceArns?: readonly string[];
  readonly resourceTags?: Readonly<Record<string, string>>;
  readonly filters?: readonly TargetFilter[];
  /** `ALL`, `COUNT(n)` or `PERCENT(n)`. */
  readonly selectionMode: string;
  readonly parameters?: Readonly<Record<string, string>>;
}

interface TargetFilter {
  readonly path: string;
  readonly values: readonly string[];
}

export interface TemplateAction {
  readonly actionId: string;
  readonly description?: string;
  readonly parameters?: Readonly<Record<string, string>>;
  /** The action's name for its target -> the template's name for it. */
  readonly targets?: Readonly<Record<string, string>>;
  readonly startAfter?: readonly string[];
}

export interface StopCondition {
  /** `none` or `aws:cloudwatch:alarm`. */
  readonly source: string;
  /** ARN of the alarm. */
  readonly value?: string;
}

interface TemplateOptions {
  readonly accountTargeting?: string;
  readonly emptyTargetResolutionMode?: string;
}

export interface ExperimentTemplate {
  readonly description: string;
  readonly targets: Readonly<Record<string, TemplateTarget>>;
  readonly actions: Readonly<Record<string, TemplateAction>>;
  readonly stopConditions: readonly StopCondition[];
  readonly roleArn: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly logConfiguration?: unknown;
  readonly experimentOptions: TemplateOptions;
}

/** A template as it comes in, before anything is known about it. */
export type TemplateInput = { readonly [Member in keyof ExperimentTemplate]?: ExperimentTemplate[Member] | undefined } & {
  readonly experimentReportConfiguration?: unknown;
};

export type ActionStatus = 'pending' | 'initiating' | 'running' | 'completed' | 'cancelled' | 'stopping' | 'stopped' | 'failed' | 'skipped';

export type ExperimentStatus = 'pending' | 'initiating' | 'running' | 'completed' | 'stopping' | 'stopped' | 'failed' | 'cancelled';

export type ActionsMode = 'run-all' | 'skip-all';
