import { managedPolicies, type PolicyDocument } from '../../../models/fis/extension/permission.ts';
import type { LabContext } from '../../contract.ts';

const caller = { kind: 'service', service: 'lambda' } as const;

/** The policies of the role with this ARN, inline and attached; undefined where the lab's IAM does not know the role. */
export async function rolePolicies(context: LabContext, roleArn: string): Promise<PolicyDocument[] | undefined> {
  const RoleName = roleArn.split('/').at(-1) ?? '';
  const iam = <Output>(operation: string, input: object): Promise<Output> => context.call('iam', operation, input, caller);
  try {
    await iam('GetRole', { RoleName });
    const { PolicyNames = [] } = await iam<{ PolicyNames?: string[] }>('ListRolePolicies', { RoleName });
    const inline = PolicyNames.map(async (PolicyName) => {
      const { PolicyDocument } = await iam<{ PolicyDocument?: string }>('GetRolePolicy', { RoleName, PolicyName });
      return parsed(PolicyDocument);
    });
    const { AttachedPolicies = [] } = await iam<{ AttachedPolicies?: { PolicyArn?: string }[] }>('ListAttachedRolePolicies', { RoleName });
    const attached = AttachedPolicies.map(
      ({ PolicyArn = '' }) => managedPolicies[PolicyArn.split(':policy/')[1] ?? ''] ?? customerPolicy(iam, PolicyArn),
    );
    return await Promise.all([...inline, ...attached]);
  } catch {
    return undefined;
  }
}

/** A managed policy's document; one of AWS's that is not known grants nothing here. */
async function customerPolicy(iam: <Output>(operation: string, input: object) => Promise<Output>, PolicyArn: string): Promise<PolicyDocument> {
  if (PolicyArn.includes(':iam::aws:')) return {};
  const { Policy } = await iam<{ Policy?: { DefaultVersionId?: string } }>('GetPolicy', { PolicyArn });
  const { PolicyVersion } = await iam<{ PolicyVersion?: { Document?: string } }>('GetPolicyVersion', {
    PolicyArn,
    VersionId: Policy?.DefaultVersionId,
  });
  return parsed(PolicyVersion?.Document);
}

/** IAM gives documents as URL-encoded JSON. */
function parsed(document: string | undefined): PolicyDocument {
  return JSON.parse(decodeURIComponent(document ?? '%7B%7D')) as PolicyDocument;
}
