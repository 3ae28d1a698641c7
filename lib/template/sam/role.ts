import { asIntrinsic } from '../intrinsic-names.ts';
import { isObject, type Reading } from '../sections.ts';
import { templateError } from '../template-error.ts';
import type { TemplateResource } from '../types.ts';
import { policyTemplates } from './policy-templates.ts';
import { generated } from './sam-reading.ts';

/** What roles of one kind of owner have in common. */
interface RoleKind {
  readonly service: string;
  /** Managed policies that every one has. */
  readonly managed: readonly string[];
  readonly createdBy: string;
  readonly isTraced: (tracing: unknown) => boolean;
}

const ofFunctions: RoleKind = {
  service: 'lambda.amazonaws.com',
  managed: ['arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole'],
  createdBy: 'lambda:createdBy',
  isTraced: (tracing) => tracing === 'Active',
};

const ofStateMachines: RoleKind = {
  service: 'states.amazonaws.com',
  managed: [],
  createdBy: 'stateMachine:createdBy',
  isTraced: (tracing) => isObject(tracing) && tracing['Enabled'] === true,
};

/** The role that SAM makes for a function that names none: `<Function>Role`, with basic execution, what its events need, and what `Policies` asks for. */
export function functionRole(owner: TemplateResource, reading: Reading, forEvents: readonly string[]): TemplateResource {
  return roleOf(owner, { ...ofFunctions, managed: [...ofFunctions.managed, ...forEvents] }, reading);
}

/** The role that SAM makes for a state machine that names none: `<StateMachine>Role`, with what `Policies` asks for. */
export function stateMachineRole(owner: TemplateResource, reading: Reading): TemplateResource {
  return roleOf(owner, ofStateMachines, reading);
}

function roleOf(owner: TemplateResource, kind: RoleKind, reading: Reading): TemplateResource {
  const { properties, logicalId, line } = owner;
  const raw = properties['Policies'] ?? [];
  const list = Array.isArray(raw) ? raw : [raw];
  const managed: unknown[] = [...kind.managed];
  const inline: Record<string, unknown>[] = [];
  for (const [index, policy] of list.entries()) {
    const place = { file: reading.file, line: reading.lines.of(policy) ?? reading.lines.of(list, index) ?? line };
    if (typeof policy === 'string') managed.push(policy.startsWith('arn:') ? policy : `arn:aws:iam::aws:policy/${policy}`);
    else if (asIntrinsic(policy)) managed.push(policy);
    else inline.push({ PolicyName: `${logicalId}RolePolicy${index}`, PolicyDocument: policyDocument(policy, `resource ${logicalId}`, place) });
  }
  if (kind.isTraced(properties['Tracing'])) managed.push('arn:aws:iam::aws:policy/AWSXRayDaemonWriteAccess');
  return generated(owner, `${logicalId}Role`, 'AWS::IAM::Role', {
    AssumeRolePolicyDocument: properties['AssumeRolePolicyDocument'] ?? trust(kind.service),
    ManagedPolicyArns: managed,
    ...(inline.length > 0 ? { Policies: inline } : {}),
    ...(properties['PermissionsBoundary'] === undefined ? {} : { PermissionsBoundary: properties['PermissionsBoundary'] }),
    Tags: [{ Key: kind.createdBy, Value: 'SAM' }],
  });
}

function trust(service: string): Record<string, unknown> {
  return { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: { Service: [service] }, Action: ['sts:AssumeRole'] }] };
}

function policyDocument(policy: unknown, what: string, place: { file: string; line: number | undefined }): Record<string, unknown> {
  if (isObject(policy) && policy['Statement'] !== undefined) return policy;
  const [name, argument] = isObject(policy) ? (Object.entries(policy)[0] ?? []) : [];
  const template = name === undefined ? undefined : policyTemplates[name];
  if (!template) {
    const hint = `give a policy name or ARN, a document with a Statement, or one of SAM's templates ${Object.keys(policyTemplates).join(', ')}`;
    throw templateError('unsupported-property', place, `${what}: policy ${name ?? JSON.stringify(policy)} is not supported`, hint);
  }
  const resource = isObject(argument) ? argument[template.parameter] : undefined;
  if (resource === undefined) throw templateError('bad-template', place, `${what}: policy ${name} needs ${template.parameter}`);
  const resources = template.resources.map((arn) => ({ 'Fn::Sub': [arn, { name: resource }] }));
  return { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: template.actions, Resource: resources }] };
}
