import { AwsError } from '../../../core/errors.ts';
import type { LabContext, ResourceHandler } from '../../contract.ts';
import type { Policies } from './policies.ts';
import type { Roles } from './roles.ts';

type Properties = Readonly<Record<string, unknown>>;

/** AWS::IAM::Role: kept with its policies, as the API tells it. */
export function roleResource(roles: Roles): ResourceHandler {
  return {
    type: 'AWS::IAM::Role',
    properties: [
      ...['RoleName', 'Path', 'AssumeRolePolicyDocument', 'Policies', 'ManagedPolicyArns', 'Description', 'MaxSessionDuration'],
      ...['PermissionsBoundary', 'Tags'],
    ],
    create: ({ properties }) => {
      const { AssumeRolePolicyDocument, Policies = [], ManagedPolicyArns = [], ...rest } = properties;
      const role = roles.create({ ...rest, AssumeRolePolicyDocument: documentText(AssumeRolePolicyDocument) });
      for (const arn of ManagedPolicyArns as string[]) role.attached.add(arn);
      for (const policy of Policies as Properties[]) role.inline.set(String(policy['PolicyName']), documentText(policy['PolicyDocument']));
      return { physicalId: role.name, attributes: { Arn: role.arn, RoleId: role.id } };
    },
    remove: (name) => roles.remove(name),
  };
}

/** AWS::IAM::ManagedPolicy, attached to the roles that it names; users and groups do not exist here. */
export function managedPolicyResource(policies: Policies, roles: Roles): ResourceHandler {
  return {
    type: 'AWS::IAM::ManagedPolicy',
    properties: ['ManagedPolicyName', 'Path', 'PolicyDocument', 'Description', 'Roles', 'Users', 'Groups'],
    create: ({ properties }) => {
      const { ManagedPolicyName, PolicyDocument, Roles: names = [] } = properties;
      const path = properties['Path'] as string | undefined;
      const policy = policies.create({ PolicyName: String(ManagedPolicyName), Path: path, PolicyDocument: documentText(PolicyDocument) });
      for (const name of names as string[]) roles.get(name).attached.add(policy.arn);
      return { physicalId: policy.arn, attributes: { PolicyArn: policy.arn, PolicyId: policy.id } };
    },
    remove: (arn) => {
      for (const { attached } of roles.list()) attached.delete(arn);
      policies.remove(arn);
    },
  };
}

/** AWS::IAM::Policy: an inline policy of the roles that it names. */
export function inlinePolicyResource(roles: Roles): ResourceHandler {
  return {
    type: 'AWS::IAM::Policy',
    properties: ['PolicyName', 'PolicyDocument', 'Roles', 'Users', 'Groups'],
    create: ({ stackName, logicalId, properties }) => {
      const { PolicyName, PolicyDocument, Roles: names = [] } = properties;
      for (const name of names as string[]) roles.get(name).inline.set(String(PolicyName), documentText(PolicyDocument));
      return { physicalId: `${stackName}-${logicalId}`, attributes: { Id: PolicyName } };
    },
    // Its roles go with the stack, or keep what they had: nothing depends on it.
    remove: () => undefined,
  };
}

/** AWS::Logs::LogGroup: it exists and has a name and an ARN; the lab keeps no logs. */
export function logGroupResource(context: LabContext): ResourceHandler {
  const existing = new Set<string>();
  return {
    type: 'AWS::Logs::LogGroup',
    properties: ['LogGroupName', 'RetentionInDays', 'LogGroupClass', 'KmsKeyId', 'Tags'],
    create: ({ properties }) => {
      const name = String(properties['LogGroupName']);
      if (existing.has(name)) throw new AwsError('ResourceAlreadyExistsException', 'The specified log group already exists', 400);
      existing.add(name);
      return { physicalId: name, attributes: { Arn: `${context.arn('logs', `log-group:${name}`)}:*` } };
    },
    remove: (name) => void existing.delete(name),
  };
}

function documentText(document: unknown): string {
  return typeof document === 'string' ? document : JSON.stringify(document);
}
