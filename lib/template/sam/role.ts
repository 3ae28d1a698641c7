import { asIntrinsic } from '../intrinsic-names.ts';
import { isObject, type Reading } from '../sections.ts';
import { templateError } from '../template-error.ts';
import type { TemplateResource } from '../types.ts';
import { policyTemplates } from './policy-templates.ts';
import { generated } from './sam-reading.ts';

const lambdaTrust = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: ['lambda.amazonaws.com'] }, Action: ['sts:AssumeRole'] }],
};

/** The role that SAM makes for a function that names none: `<Function>Role`, with basic execution and what `Policies` asks for. */
export function functionRole(owner: TemplateResource, reading: Reading): TemplateResource {
  const { properties, logicalId, line } = owner;
  const raw = properties['Policies'] ?? [];
  const list = Array.isArray(raw) ? raw : [raw];
  const managed: unknown[] = ['arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole'];
  const inline: Record<string, unknown>[] = [];
  for (const [index, policy] of list.entries()) {
    const place = { file: reading.file, line: reading.lines.of(policy) ?? reading.lines.of(list, index) ?? line };
    if (typeof policy === 'string') managed.push(policy.startsWith('arn:') ? policy : `arn:aws:iam::aws:policy/${policy}`);
    else if (asIntrinsic(policy)) managed.push(policy);
    else inline.push({ PolicyName: `${logicalId}RolePolicy${index}`, PolicyDocument: policyDocument(policy, `resource ${logicalId}`, place) });
  }
  if (properties['Tracing'] === 'Active') managed.push('arn:aws:iam::aws:policy/AWSXRayDaemonWriteAccess');
  return generated(owner, `${logicalId}Role`, 'AWS::IAM::Role', {
    AssumeRolePolicyDocument: properties['AssumeRolePolicyDocument'] ?? lambdaTrust,
    ManagedPolicyArns: managed,
    ...(inline.length > 0 ? { Policies: inline } : {}),
    ...(properties['PermissionsBoundary'] === undefined ? {} : { PermissionsBoundary: properties['PermissionsBoundary'] }),
    Tags: [{ Key: 'lambda:createdBy', Value: 'SAM' }],
  });
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
