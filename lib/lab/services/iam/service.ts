import type { LabContext, LabService } from '../../contract.ts';
import { Policies } from './policies.ts';
import { policyOperations } from './policy-operations.ts';
import { inlinePolicyResource, logGroupResource, managedPolicyResource, roleResource } from './resources.ts';
import { roleOperations, rolePolicyOperations } from './role-operations.ts';
import { Roles } from './roles.ts';

/**
 * AWS IAM, so that set-up works: roles and policies are stored and told, and nothing is denied for want of one. Whether the permissions of a
 * template suffice shows on AWS only. Log groups exist beside them and hold nothing.
 */
export function createIamService(context: LabContext): LabService {
  const roles = new Roles(context);
  const policies = new Policies(context, roles);
  return {
    name: 'iam',
    operations: { ...roleOperations(roles), ...rolePolicyOperations(roles, policies), ...policyOperations(policies) },
    resources: [roleResource(roles), managedPolicyResource(policies, roles), inlinePolicyResource(roles), logGroupResource(context)],
  };
}
