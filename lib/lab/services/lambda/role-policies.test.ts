import { expect, test } from 'vitest';
import { virtualLab } from '../../../../test/virtual-lab.ts';
import { AwsError } from '../../../core/errors.ts';
import { mayRead } from '../../../models/fis/extension/permission.ts';
import type { LabService } from '../../contract.ts';
import { rolePolicies } from './role-policies.ts';

const arn = 'arn:aws:iam::123456789012:role/service/reader';
const allow = (Action: string) => ({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action, Resource: '*' }] });
const encoded = (document: object): string => encodeURIComponent(JSON.stringify(document));

/** IAM's answers for one role `reader`, in AWS's shapes. */
function iam(inline: Record<string, object>, attached: Record<string, object | undefined>): LabService {
  const act = (operation: (input: Record<string, string>) => object) => ({ act: operation as (input: never) => object });
  return {
    name: 'iam',
    operations: {
      GetRole: act(({ RoleName }) => {
        if (RoleName !== 'reader') throw new AwsError('NoSuchEntity', `The role with name ${RoleName} cannot be found.`, 404);
        return { Role: { RoleName } };
      }),
      ListRolePolicies: act(() => ({ PolicyNames: Object.keys(inline) })),
      GetRolePolicy: act(({ PolicyName = '' }) => ({ PolicyDocument: encoded(inline[PolicyName] ?? {}) })),
      ListAttachedRolePolicies: act(() => ({ AttachedPolicies: Object.keys(attached).map((PolicyArn) => ({ PolicyArn })) })),
      GetPolicy: act(() => ({ Policy: { DefaultVersionId: 'v2' } })),
      GetPolicyVersion: act(({ PolicyArn = '', VersionId }) => ({
        PolicyVersion: { Document: encoded((VersionId === 'v2' && attached[PolicyArn]) || {}) },
      })),
    },
  };
}

const location = { bucket: 'b', prefix: 'p/' };

test.each<[string, Record<string, object>, Record<string, object | undefined>, boolean]>([
  ['inline', { read: allow('s3:*') }, {}, true],
  ['of the customer', {}, { 'arn:aws:iam::123456789012:policy/read': allow('s3:*') }, true],
  ['of AWS, known', {}, { 'arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess': undefined }, true],
  ['of AWS, not known', {}, { 'arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole': undefined }, false],
  ['of something else', { read: allow('dynamodb:*') }, {}, false],
  ['in two parts', { list: allow('s3:ListBucket') }, { 'arn:aws:iam::123456789012:policy/get': allow('s3:GetObject') }, true],
])('policies %s', async (_, inline, attached, may) => {
  const lab = virtualLab(() => [iam(inline, attached)]);
  const policies = await rolePolicies(lab.context, arn);
  expect(policies && mayRead(policies, location)).toBe(may);
});

test('of a role that IAM does not know are not known', async () => {
  const lab = virtualLab(() => [iam({}, {})]);
  expect(await rolePolicies(lab.context, 'arn:aws:iam::123456789012:role/other')).toBeUndefined();
});
