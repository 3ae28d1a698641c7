import type { ExtensionSettings } from '../../../models/fis/extension/settings.ts';
import type { ColdStartRow } from '../../../models/lambda/cold-start.ts';
import type { CpuEstimate } from '../../../models/lambda/cpu.ts';
import type { IdleEnvironments } from '../../../models/lambda/environments.ts';
import type { Bundle } from '../../functions/bundle.ts';
import type { HostedEnvironment } from '../../functions/hosted-environment.ts';

export const architectures = ['x86_64', 'arm64'] as const;
export type Architecture = (typeof architectures)[number];

/** What a function can be given anew by UpdateFunctionConfiguration. */
export interface FunctionSettings {
  readonly runtime: string;
  readonly handler: string;
  readonly memoryMb: number;
  readonly timeoutSec: number;
  readonly variables: Readonly<Record<string, string>>;
  readonly description: string;
  readonly role: string;
  /** Queue for events whose asynchronous invocation failed; '' for none. */
  readonly deadLetterArn: string;
  /** ARNs of layer versions. */
  readonly layers: readonly string[];
}

/** One function of the lab, with the revision that new environments get. */
export interface LambdaFunction {
  readonly name: string;
  readonly arn: string;
  readonly architecture: Architecture;
  readonly bundle: Bundle;
  readonly codeSize: number;
  readonly codeSha256: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly idle: IdleEnvironments<HostedEnvironment>;
  readonly cpu: CpuEstimate;
  settings: FunctionSettings;
  /** Of the current revision; environments of another one are not reused. */
  definition: number;
  coldStart: ColdStartRow;
  /** Of FIS, where the settings let it work in the function's environments. */
  extension: ExtensionSettings | undefined;
  lastModifiedMs: number;
  revisionId: string;
  deleted: boolean;
}
