import type { ResourceConfiguration } from '../record/types.ts';
import type { Template } from '../template/index.ts';

/** `resources` with the name of each REST API in its configuration: its metrics go by that, and CloudFormation tells its id alone. */
export function withApiNames(resources: readonly ResourceConfiguration[], template: Template, stackName: string): ResourceConfiguration[] {
  return resources.map((resource) => {
    const Name = resource.type === 'AWS::ApiGateway::RestApi' ? restApiName(template, resource.logicalId, stackName) : undefined;
    return Name === undefined ? resource : { ...resource, configuration: { ...resource.configuration, Name } };
  });
}

/** As far as the template tells: its `Name`, else the title of its OpenAPI document, in which SAM puts the stack's name. */
function restApiName({ resources }: Template, logicalId: string, stackName: string): string | undefined {
  const { Name, Body } = resources[logicalId]?.properties ?? {};
  const { info } = (Body ?? {}) as { readonly info?: { readonly title?: unknown } };
  return textOf(Name ?? info?.title, stackName);
}

/** Text, the stack's name, or a text with nothing but that name to put in. */
function textOf(value: unknown, stackName: string): string | undefined {
  if (typeof value === 'string') return value;
  const { Ref: ref, 'Fn::Sub': sub } = (value ?? {}) as Readonly<Record<string, unknown>>;
  if (ref === 'AWS::StackName') return stackName;
  const text = typeof sub === 'string' ? sub.replaceAll(`\${AWS::StackName}`, stackName) : undefined;
  return text?.includes('$') ? undefined : text;
}
