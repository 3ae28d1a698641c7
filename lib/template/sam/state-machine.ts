import { isObject, type Reading } from '../sections.ts';
import { templateError } from '../template-error.ts';
import type { TemplateResource } from '../types.ts';
import { stateMachineRole } from './role.ts';
import { refuseUnsupported, tagList } from './sam-reading.ts';

/** SAM's name of a property, and CloudFormation's. */
const renamed: Readonly<Record<string, string>> = {
  Name: 'StateMachineName',
  Type: 'StateMachineType',
  Role: 'RoleArn',
  Definition: 'Definition',
  DefinitionSubstitutions: 'DefinitionSubstitutions',
  Logging: 'LoggingConfiguration',
  Tracing: 'TracingConfiguration',
};

/** Properties of AWS::Serverless::StateMachine that are understood; any other is refused by name. */
export const stateMachineProperties: readonly string[] = [...Object.keys(renamed), 'DefinitionUri', 'Policies', 'PermissionsBoundary', 'Tags'];

/**
 * AWS::Serverless::StateMachine: the state machine and, unless it names one, its role. `sam deploy` puts the file of DefinitionUri into S3; here
 * DefinitionS3Location keeps the file, relative to the template, as `aws cloudformation package` takes it.
 */
export function transformStateMachine(resource: TemplateResource, reading: Reading): TemplateResource[] {
  const { properties, logicalId, line } = resource;
  refuseUnsupported(properties, stateMachineProperties, `resource ${logicalId}`, reading, line);
  const role = properties['Role'] === undefined ? stateMachineRole(resource, reading) : undefined;
  const same = Object.entries(renamed).filter(([name]) => properties[name] !== undefined);
  const made: Record<string, unknown> = {
    ...Object.fromEntries(same.map(([name, target]) => [target, properties[name]])),
    ...definitionFile(resource, reading),
    ...(role ? { RoleArn: { 'Fn::GetAtt': [role.logicalId, 'Arn'] } } : {}),
    Tags: tagList(properties['Tags'], 'stateMachine:createdBy'),
  };
  const origins = Object.fromEntries(Object.entries(renamed).map(([name, target]) => [target, name]));
  const carried = reading.lines.carry(properties, made, { ...origins, DefinitionS3Location: 'DefinitionUri' });
  return [{ ...resource, type: 'AWS::StepFunctions::StateMachine', properties: carried }, ...(role ? [role] : [])];
}

function definitionFile({ properties, logicalId, line }: TemplateResource, reading: Reading): Record<string, unknown> {
  const uri = properties['DefinitionUri'];
  const place = { file: reading.file, line: reading.lines.of(properties, 'DefinitionUri') ?? line };
  if ((uri === undefined) === (properties['Definition'] === undefined)) {
    throw templateError('bad-template', place, `resource ${logicalId} needs either Definition or DefinitionUri`);
  }
  if (uri === undefined) return {};
  if (isObject(uri) || typeof uri !== 'string' || uri.startsWith('s3://')) {
    const hint = 'a definition in S3 is not supported';
    throw templateError('unsupported-property', place, `resource ${logicalId}: DefinitionUri must be a file of the project`, hint);
  }
  return { DefinitionS3Location: uri };
}
