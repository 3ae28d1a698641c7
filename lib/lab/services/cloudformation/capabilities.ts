import { AwsError } from '../../../core/errors.ts';
import type { Template } from '../../../template/index.ts';

const named: Readonly<Record<string, string>> = {
  'AWS::IAM::Role': 'RoleName',
  'AWS::IAM::ManagedPolicy': 'ManagedPolicyName',
  'AWS::IAM::User': 'UserName',
  'AWS::IAM::Group': 'GroupName',
};

/** The capability that the template's IAM resources need, with CloudFormation's reason; undefined where it has none. */
export function requiredCapability({ resources }: Template): { capability: string; reason: string } | undefined {
  const identities = Object.values(resources).filter(({ type }) => type.startsWith('AWS::IAM::'));
  if (identities.length === 0) return undefined;
  const custom = identities.some(({ type, properties }) => properties[named[type] ?? ''] !== undefined);
  const types = [...new Set(identities.map(({ type }) => type))].sort();
  return {
    capability: custom ? 'CAPABILITY_NAMED_IAM' : 'CAPABILITY_IAM',
    reason: `The following resource(s) require capabilities: [${types.join(', ')}]`,
  };
}

/**
 * @throws AwsError InsufficientCapabilitiesException when the caller did not acknowledge what the template does to IAM, or, without a
 * change set to look at, its transform.
 */
export function requireCapabilities(template: Template, acknowledged: readonly string[], through: 'stack' | 'change-set'): void {
  const required = requiredCapability(template);
  const accepts = (capability: string): boolean =>
    acknowledged.includes(capability) || (capability === 'CAPABILITY_IAM' && acknowledged.includes('CAPABILITY_NAMED_IAM'));
  const missing = required && !accepts(required.capability) ? [required.capability] : [];
  if (through === 'stack' && template.transforms.length > 0 && !accepts('CAPABILITY_AUTO_EXPAND')) missing.push('CAPABILITY_AUTO_EXPAND');
  if (missing.length > 0) throw new AwsError('InsufficientCapabilitiesException', `Requires capabilities : [${missing.join(', ')}]`);
}
