import { AwsError } from '../../../core/errors.ts';
import { dateOf } from '../../../core/time-format.ts';
import type { Operation } from '../../contract.ts';
import { required } from './errors.ts';
import type { NewPolicy, Policies, Policy } from './policies.ts';
import { encoded, type Paging, pageMembers } from './role-operations.ts';

interface PolicyInput extends Paging {
  readonly PolicyArn?: string;
  readonly VersionId?: string;
}

/** The one version that a policy of the lab has. */
const versionId = 'v1';

/** Managed policies of the account's own. */
export function policyOperations(policies: Policies): Record<string, Operation<PolicyInput>> {
  const described = (policy: Policy): object => ({
    ...{ PolicyName: policy.name, PolicyId: policy.id, Arn: policy.arn, Path: policy.path, DefaultVersionId: versionId, IsAttachable: true },
    ...{ AttachmentCount: policies.attachments(policy.arn), CreateDate: dateOf(policy.createdMs), UpdateDate: dateOf(policy.createdMs) },
    ...(policy.description === undefined ? {} : { Description: policy.description }),
    Tags: [...policy.tags].map(([Key, Value]) => ({ Key, Value })),
  });
  return {
    CreatePolicy: { act: (input) => ({ Policy: described(policies.create(input as NewPolicy)) }) },
    GetPolicy: { act: ({ PolicyArn }) => ({ Policy: described(policies.get(PolicyArn)) }) },
    GetPolicyVersion: {
      act: ({ PolicyArn, VersionId }) => {
        const policy = policies.get(PolicyArn);
        if (required(VersionId, 'versionId') === versionId) return { PolicyVersion: versionOf(policy) };
        throw new AwsError('NoSuchEntity', `Policy ${PolicyArn} version ${VersionId} does not exist or is not attachable.`, 404);
      },
    },
    ListPolicyVersions: { act: ({ PolicyArn, ...page }) => pageMembers([policies.get(PolicyArn)], page, 'Versions', versionOf) },
    DeletePolicy: { act: ({ PolicyArn }) => policies.delete(policies.get(PolicyArn)) },
  };
}

function versionOf({ document, createdMs }: Policy): object {
  return { Document: encoded(document), VersionId: versionId, IsDefaultVersion: true, CreateDate: dateOf(createdMs) };
}
