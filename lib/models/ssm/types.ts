/** Types of Automation parameters and step outputs (document schema 0.3). */
export type ValueType = 'String' | 'StringList' | 'Integer' | 'Boolean' | 'MapList' | 'StringMap';

export const valueTypes: readonly ValueType[] = ['String', 'StringList', 'Integer', 'Boolean', 'MapList', 'StringMap'];

export interface DocumentParameter {
  readonly type: ValueType;
  readonly description?: string;
  readonly default?: unknown;
  readonly allowedValues?: readonly unknown[];
  readonly allowedPattern?: string;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly minChars?: number;
  readonly maxChars?: number;
}

export interface StepOutput {
  readonly name: string;
  readonly selector: string;
  readonly type: ValueType;
}

/** Where a step goes when it fails or is cancelled. */
export type Detour = { readonly kind: 'abort' } | { readonly kind: 'continue' } | { readonly kind: 'step'; readonly step: string };

export interface DocumentStep {
  readonly name: string;
  readonly action: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly outputs: readonly StepOutput[];
  readonly onFailure: Detour;
  readonly onCancel: Detour;
  readonly isEnd: boolean;
  /** Undefined where the document says nothing: then it depends on onFailure. */
  readonly isCritical: boolean | undefined;
  readonly nextStep: string | undefined;
  readonly maxAttempts: number;
  readonly timeoutSec: number | undefined;
}

export interface AutomationDocument {
  readonly schemaVersion: '0.3';
  readonly description: string;
  readonly assumeRole: string | undefined;
  readonly parameters: Readonly<Record<string, DocumentParameter>>;
  readonly steps: readonly DocumentStep[];
  /** `step.output` names that the execution reports. */
  readonly outputs: readonly string[];
}

/** Final and passing states of a step; AWS's words. */
export type StepStatus = 'Pending' | 'InProgress' | 'Success' | 'Failed' | 'TimedOut' | 'Cancelled';
export type AutomationStatus = 'Pending' | 'InProgress' | 'Success' | 'Failed' | 'TimedOut' | 'Cancelling' | 'Cancelled';

/** What a `{{ name }}` stands for: parameters by name, outputs as `step.output`, `global:...` and `automation:...`. */
export type Bindings = ReadonlyMap<string, unknown>;
