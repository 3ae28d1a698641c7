import { DescribeStacksCommand, paginateListStackResources } from '@aws-sdk/client-cloudformation';
import type { AwsClients } from '../core/aws-clients.ts';
import { messageOf, ProofloadError } from '../core/errors.ts';

/** The system's stack as CloudFormation describes it: how names are resolved, in the lab and on AWS alike. */
export interface Stack {
  readonly name: string;
  readonly outputs: Readonly<Record<string, string>>;
  readonly resources: readonly { readonly logicalId: string; readonly physicalId: string; readonly type: string }[];
}

/**
 * Reads the stack `name`.
 * @throws ProofloadError `stack-not-deployed` with the command that deploys it
 */
export async function describeStack(clients: AwsClients, name: string, template: string): Promise<Stack> {
  try {
    const { Stacks = [] } = await clients.cloudformation.send(new DescribeStacksCommand({ StackName: name }));
    const outputs = Object.fromEntries((Stacks[0]?.Outputs ?? []).map(({ OutputKey = '', OutputValue = '' }) => [OutputKey, OutputValue]));
    return { name, outputs, resources: await resourcesOf(clients, name) };
  } catch (thrown) {
    if (!/does not exist/.test(messageOf(thrown))) throw thrown;
    throw new ProofloadError('stack-not-deployed', `the system's stack ${name} is not on the site`, {
      hint: `deploy it: sam build -t ${template} && sam deploy --stack-name ${name} --resolve-s3 --capabilities CAPABILITY_IAM; on an endpoint that is a lab: proofload lab ${template}`,
      cause: thrown,
    });
  }
}

/** All resources that the stack has now, page by page: DescribeStackResources would leave out those after the hundredth. */
async function resourcesOf({ cloudformation }: AwsClients, StackName: string): Promise<Stack['resources']> {
  const resources: Stack['resources'][number][] = [];
  for await (const page of paginateListStackResources({ client: cloudformation }, { StackName })) {
    for (const { LogicalResourceId: logicalId = '', PhysicalResourceId, ResourceType: type = '', ResourceStatus } of page.StackResourceSummaries ??
      [])
      if (PhysicalResourceId && ResourceStatus !== 'DELETE_COMPLETE') resources.push({ logicalId, physicalId: PhysicalResourceId, type });
  }
  return resources;
}

/** Physical name of the resource with this logical id. @throws ProofloadError `unknown-resource` naming the nearest */
export function physicalId(stack: Stack, logicalId: string): string {
  const found = stack.resources.find((each) => each.logicalId === logicalId);
  if (found) return found.physicalId;
  throw new ProofloadError('unknown-resource', `stack ${stack.name} has no resource ${logicalId}`, {
    hint: `it has: ${stack.resources.map((each) => each.logicalId).join(', ')}`,
  });
}

/** Value of the stack's output. @throws ProofloadError `unknown-output` */
export function output(stack: Stack, name: string): string {
  const value = stack.outputs[name];
  if (value !== undefined) return value;
  throw new ProofloadError('unknown-output', `stack ${stack.name} has no output ${name}`, {
    hint: `it has: ${Object.keys(stack.outputs).join(', ') || 'none'}`,
  });
}
