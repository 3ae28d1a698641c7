import { afterAll, beforeAll, expect, it } from 'vitest';
import type { RunningLab } from '../../lib/lab/lab.ts';
import { startTestLab } from './lab-fixture.ts';

// proofload depends on no client of IAM, so this speaks awsQuery itself.
let lab: RunningLab;
beforeAll(async () => {
  lab = await startTestLab();
});
afterAll(() => lab?.stop());

const trust = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"states.amazonaws.com"},"Action":"sts:AssumeRole"}]}';

async function iam(Action: string, members: Record<string, string> = {}): Promise<{ status: number; of: (element: string) => string | undefined }> {
  const authorization = 'AWS4-HMAC-SHA256 Credential=AKIALAB/20261124/us-east-1/iam/aws4_request, SignedHeaders=host, Signature=0';
  const body = new URLSearchParams({ Action, Version: '2010-05-08', ...members });
  const response = await fetch(lab.endpoint, { method: 'POST', headers: { authorization }, body });
  const xml = await response.text();
  return { status: response.status, of: (element) => new RegExp(`<${element}>([^<]*)</${element}>`).exec(xml)?.[1] };
}

it('keeps a role with its policies, and lets nobody delete it before them', async () => {
  const RoleName = 'flow';
  const created = await iam('CreateRole', { RoleName, AssumeRolePolicyDocument: trust, 'Tags.member.1.Key': 'team', 'Tags.member.1.Value': 'shop' });
  expect(created.of('Arn')).toBe('arn:aws:iam::000000000000:role/flow');
  const again = await iam('CreateRole', { RoleName, AssumeRolePolicyDocument: trust });
  expect([again.status, again.of('Code'), again.of('Message')]).toEqual([409, 'EntityAlreadyExists', 'Role with name flow already exists.']);
  const PolicyArn = 'arn:aws:iam::aws:policy/service-role/AWSLambdaRole';
  expect((await iam('AttachRolePolicy', { RoleName, PolicyArn })).status).toBe(200);
  expect((await iam('ListAttachedRolePolicies', { RoleName })).of('PolicyName')).toBe('AWSLambdaRole');
  await iam('PutRolePolicy', { RoleName, PolicyName: 'own', PolicyDocument: trust });
  expect(decodeURIComponent((await iam('GetRolePolicy', { RoleName, PolicyName: 'own' })).of('PolicyDocument') ?? '')).toBe(trust);
  const role = await iam('GetRole', { RoleName });
  expect([decodeURIComponent(role.of('AssumeRolePolicyDocument') ?? ''), role.of('Key'), role.of('MaxSessionDuration')]).toEqual([
    trust,
    'team',
    '3600',
  ]);
  expect((await iam('DeleteRole', { RoleName })).of('Code')).toBe('DeleteConflict');
  await iam('DetachRolePolicy', { RoleName, PolicyArn });
  await iam('DeleteRolePolicy', { RoleName, PolicyName: 'own' });
  expect((await iam('DeleteRole', { RoleName })).status).toBe(200);
  const gone = await iam('GetRole', { RoleName });
  expect([gone.status, gone.of('Code'), gone.of('Message')]).toEqual([404, 'NoSuchEntity', 'The role with name flow cannot be found.']);
});

it('keeps managed policies, and refuses documents that are none', async () => {
  const refused = await iam('CreatePolicy', { PolicyName: 'p', PolicyDocument: 'nothing' });
  expect([refused.status, refused.of('Code')]).toEqual([400, 'MalformedPolicyDocument']);
  const PolicyArn = (await iam('CreatePolicy', { PolicyName: 'p', PolicyDocument: trust })).of('Arn') ?? '';
  await iam('CreateRole', { RoleName: 'r', AssumeRolePolicyDocument: trust });
  await iam('AttachRolePolicy', { RoleName: 'r', PolicyArn });
  expect((await iam('GetPolicy', { PolicyArn })).of('AttachmentCount')).toBe('1');
  expect(decodeURIComponent((await iam('GetPolicyVersion', { PolicyArn, VersionId: 'v1' })).of('Document') ?? '')).toBe(trust);
  expect((await iam('DeletePolicy', { PolicyArn })).of('Code')).toBe('DeleteConflict');
  expect((await iam('AttachRolePolicy', { RoleName: 'r', PolicyArn: 'arn:aws:iam::000000000000:policy/none' })).of('Code')).toBe('NoSuchEntity');
});
