import type { Lines } from './lines.ts';
import type { ParameterDeclaration } from './parameters.ts';

/** One resource of a template; properties still hold intrinsic functions. */
export interface TemplateResource {
  readonly logicalId: string;
  readonly type: string;
  readonly properties: Readonly<Record<string, unknown>>;
  readonly dependsOn: readonly string[];
  /** Name of the condition under which it exists. */
  readonly condition?: string;
  readonly metadata?: Readonly<Record<string, unknown>>;
  /** `Retain` keeps it when its stack is deleted. */
  readonly deletionPolicy?: 'Delete' | 'Retain';
  /** Line of its logical id; for what SAM adds, of the resource that it was made for. */
  readonly line: number | undefined;
}

export interface TemplateOutput {
  readonly name: string;
  readonly value: unknown;
  readonly description?: string;
  readonly condition?: string;
  /** `Export.Name`; kept for DescribeStacks, imports are not supported. */
  readonly exportName?: unknown;
  readonly line: number | undefined;
}

/** A template as CloudFormation would see it: short tags written out, SAM transformed, every reference checked. */
export interface Template {
  readonly file: string;
  /** The file's own text, as GetTemplate gives it back. */
  readonly text: string;
  readonly description?: string;
  readonly transforms: readonly string[];
  readonly parameters: Readonly<Record<string, ParameterDeclaration>>;
  readonly mappings: Readonly<Record<string, unknown>>;
  readonly conditions: Readonly<Record<string, unknown>>;
  readonly resources: Readonly<Record<string, TemplateResource>>;
  readonly outputs: Readonly<Record<string, TemplateOutput>>;
  readonly lines: Lines;
}
