import { AwsError } from '../../../core/errors.ts';
import type { LabContext, LabService, ResourceHandler } from '../../contract.ts';

interface InertKind {
  readonly type: string;
  readonly properties: readonly string[];
  /** The property that holds its name. */
  readonly name: string;
  /** What Ref gives; default: the name. */
  readonly physicalId?: (name: string, path: string) => string;
  readonly attributes: (name: string, path: string) => Readonly<Record<string, unknown>>;
  /** What AWS answers when the name is taken. */
  readonly taken: (name: string) => AwsError;
}

/**
 * Roles, policies and log groups exist, have names and ARNs, and do nothing: the lab denies no call and keeps no logs. Whether the permissions
 * of a template suffice shows on AWS only.
 */
export function createIamService(context: LabContext): LabService {
  return { name: 'iam', operations: {}, resources: inertKinds(context).map(inertHandler) };
}

function inertKinds(context: LabContext): InertKind[] {
  const { account } = context;
  const iamArn = (kind: string, name: string, path: string): string => `arn:aws:iam::${account}:${kind}${path}${name}`;
  return [
    {
      type: 'AWS::IAM::Role',
      properties: [
        'RoleName',
        'Path',
        'AssumeRolePolicyDocument',
        'Policies',
        'ManagedPolicyArns',
        'Description',
        'MaxSessionDuration',
        'PermissionsBoundary',
        'Tags',
      ],
      name: 'RoleName',
      attributes: (name, path) => ({ Arn: iamArn('role', name, path), RoleId: `AROA${context.rng.hex(17).toUpperCase()}` }),
      taken: (name) => new AwsError('EntityAlreadyExists', `Role with name ${name} already exists.`, 409),
    },
    {
      type: 'AWS::IAM::ManagedPolicy',
      properties: ['ManagedPolicyName', 'Path', 'PolicyDocument', 'Description', 'Roles', 'Users', 'Groups'],
      name: 'ManagedPolicyName',
      physicalId: (name, path) => iamArn('policy', name, path),
      attributes: (name, path) => ({ PolicyArn: iamArn('policy', name, path), PolicyId: `ANPA${context.rng.hex(17).toUpperCase()}` }),
      taken: (name) => new AwsError('EntityAlreadyExists', `A policy called ${name} already exists.`, 409),
    },
    {
      type: 'AWS::IAM::Policy',
      properties: ['PolicyName', 'PolicyDocument', 'Roles', 'Users', 'Groups'],
      name: 'PolicyName',
      attributes: (name) => ({ Id: name }),
      taken: (name) => new AwsError('EntityAlreadyExists', `A policy called ${name} already exists.`, 409),
    },
    {
      type: 'AWS::Logs::LogGroup',
      properties: ['LogGroupName', 'RetentionInDays', 'LogGroupClass', 'KmsKeyId', 'Tags'],
      name: 'LogGroupName',
      attributes: (name) => ({ Arn: `${context.arn('logs', `log-group:${name}`)}:*` }),
      taken: () => new AwsError('ResourceAlreadyExistsException', 'The specified log group already exists', 400),
    },
  ];
}

function inertHandler(kind: InertKind): ResourceHandler {
  const existing = new Set<string>();
  return {
    type: kind.type,
    properties: kind.properties,
    create: ({ properties }) => {
      const name = String(properties[kind.name]);
      const path = String(properties['Path'] ?? '/');
      const physicalId = kind.physicalId?.(name, path) ?? name;
      // Inline policies of different roles may have the same name.
      if (existing.has(physicalId) && kind.type !== 'AWS::IAM::Policy') throw kind.taken(name);
      existing.add(physicalId);
      return { physicalId, attributes: kind.attributes(name, path) };
    },
    remove: (physicalId) => void existing.delete(physicalId),
  };
}
