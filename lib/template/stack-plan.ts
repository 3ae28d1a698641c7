import { evaluateConditions } from './conditions.ts';
import { noValue, resolveIntrinsics, type Scope } from './intrinsics.ts';
import { type ParameterValue, parameterValues } from './parameters.ts';
import { referencesIn } from './references.ts';
import { templateError } from './template-error.ts';
import type { Template, TemplateOutput, TemplateResource } from './types.ts';

/** Where and as what a template is made into a stack. */
interface StackSetting {
  readonly stackName: string;
  readonly stackId: string;
  readonly account: string;
  readonly region: string;
  readonly parameters: Readonly<Record<string, string>>;
}

/** What a created resource gives to `Ref` and `Fn::GetAtt`. */
interface ResolvedResource {
  readonly physicalId: string;
  readonly attributes?: Readonly<Record<string, unknown>> | undefined;
}

/** A template with its parameters given and conditions decided: what to create, in which order. */
export interface StackPlan {
  readonly parameters: Readonly<Record<string, ParameterValue>>;
  /** Those whose condition holds, each after everything it mentions or depends on; otherwise in the file's order. */
  readonly resources: readonly TemplateResource[];
  /** Logical ids that `resource` mentions or depends on. */
  dependenciesOf(logicalId: string): readonly string[];
  readonly outputs: readonly TemplateOutput[];
  /** `value` without intrinsic functions, given what was created so far. */
  resolve(value: unknown, created: ReadonlyMap<string, ResolvedResource>): unknown;
}

/**
 * Decides parameters, conditions and the order of creation. Throws ProofloadError: a parameter without value or out of its limits,
 * a mention of a resource whose condition is false, a circle (named resource by resource).
 */
export function planStack(template: Template, setting: StackSetting): StackPlan {
  const parameters = parameterValues(template.parameters, setting.parameters, template.file);
  const fixed = new Map<string, unknown>([...pseudoValues(setting), ...Object.entries(parameters)]);
  const isTrue = evaluateConditions(template, (name) => fixed.get(name));
  const exists = (each: { readonly condition?: string }): boolean => each.condition === undefined || isTrue(each.condition);
  const resources = Object.values(template.resources).filter(exists);
  const dependencies = new Map(resources.map((resource) => [resource.logicalId, dependenciesOf(resource, template, isTrue)]));
  checkConditional(resources, dependencies, template);
  const resolve = (value: unknown, created: ReadonlyMap<string, ResolvedResource>): unknown => {
    const scope: Scope = {
      file: template.file,
      lines: template.lines,
      mappings: template.mappings,
      ref: (name) => fixed.get(name) ?? created.get(name)?.physicalId,
      attribute: (logicalId, attribute) => created.get(logicalId)?.attributes?.[attribute],
      condition: isTrue,
    };
    return resolveIntrinsics(value, scope);
  };
  return {
    parameters,
    resources: inOrder(resources, dependencies, template),
    dependenciesOf: (logicalId) => dependencies.get(logicalId) ?? [],
    outputs: Object.values(template.outputs).filter(exists),
    resolve,
  };
}

function pseudoValues({ stackName, stackId, account, region }: StackSetting): [string, unknown][] {
  return [
    ['AWS::AccountId', account],
    ['AWS::NoValue', noValue],
    ['AWS::NotificationARNs', []],
    ['AWS::Partition', 'aws'],
    ['AWS::Region', region],
    ['AWS::StackId', stackId],
    ['AWS::StackName', stackName],
    ['AWS::URLSuffix', 'amazonaws.com'],
  ];
}

function dependenciesOf(resource: TemplateResource, template: Template, isTrue: (name: string) => boolean): string[] {
  const mentioned = referencesIn(resource.properties, { file: template.file, lines: template.lines, inConditions: false, isTrue }, resource.line)
    .filter(({ kind, name }) => kind !== 'condition' && Object.hasOwn(template.resources, name))
    .map(({ name }) => name);
  // DependsOn of a resource whose condition is false is not a mistake on AWS: it is ignored.
  const declared = resource.dependsOn.filter((name) => {
    const condition = template.resources[name]?.condition;
    return condition === undefined || isTrue(condition);
  });
  return [...new Set([...declared, ...mentioned])];
}

function checkConditional(resources: readonly TemplateResource[], dependencies: ReadonlyMap<string, readonly string[]>, { file }: Template): void {
  for (const { logicalId, line } of resources) {
    const absent = dependencies.get(logicalId)?.find((name) => !dependencies.has(name));
    if (absent === undefined) continue;
    throw templateError(
      'unresolved-reference',
      { file, line },
      `resource ${logicalId} mentions ${absent}, whose condition is false`,
      'guard the mention with Fn::If and the same condition',
    );
  }
}

function inOrder(
  resources: readonly TemplateResource[],
  dependencies: ReadonlyMap<string, readonly string[]>,
  { file }: Template,
): TemplateResource[] {
  const byId = new Map(resources.map((resource) => [resource.logicalId, resource]));
  const placed = new Set<string>();
  const ordered: TemplateResource[] = [];
  const place = (resource: TemplateResource, path: readonly string[]): void => {
    const { logicalId, line } = resource;
    if (placed.has(logicalId)) return;
    const start = path.indexOf(logicalId);
    if (start >= 0) {
      const circle = [...path.slice(start), logicalId].join(' -> ');
      throw templateError(
        'circular-dependency',
        { file, line },
        `resources depend on each other in a circle: ${circle}`,
        'break it, for example with a name that is given instead of generated',
      );
    }
    for (const name of dependencies.get(logicalId) ?? []) {
      const dependency = byId.get(name);
      if (dependency) place(dependency, [...path, logicalId]);
    }
    placed.add(logicalId);
    ordered.push(resource);
  };
  for (const resource of resources) place(resource, []);
  return ordered;
}
