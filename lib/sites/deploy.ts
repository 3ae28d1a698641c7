import { CreateStackCommand, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import type { AwsClients } from '../core/aws-clients.ts';
import { messageOf, ProofloadError } from '../core/errors.ts';
import type { Deployment } from './site.ts';

/**
 * Creates a stack on the lab that a run started, through CloudFormation's API. The lab reads function code beside the
 * template, so the template goes by path; on AWS users deploy with `sam deploy` and `aws cloudformation deploy`.
 * @throws ProofloadError `cannot-deploy` with the reason that CloudFormation gives
 */
export async function deployToLab(clients: AwsClients, deployment: Deployment): Promise<void> {
  const parameters = Object.entries(deployment.parameters).map(([ParameterKey, ParameterValue]) => ({ ParameterKey, ParameterValue }));
  try {
    await clients.cloudformation.send(
      new CreateStackCommand({
        StackName: deployment.stack,
        TemplateURL: `file://${deployment.file}`,
        Parameters: parameters,
        Capabilities: ['CAPABILITY_IAM', 'CAPABILITY_NAMED_IAM', 'CAPABILITY_AUTO_EXPAND'],
      }),
    );
  } catch (thrown) {
    throw new ProofloadError('cannot-deploy', `${deployment.file}: ${messageOf(thrown)}`, { cause: thrown });
  }
  const { Stacks = [] } = await clients.cloudformation.send(new DescribeStacksCommand({ StackName: deployment.stack }));
  const status = Stacks[0]?.StackStatus;
  if (status !== 'CREATE_COMPLETE') {
    throw new ProofloadError(
      'cannot-deploy',
      `${deployment.file}: stack ${deployment.stack} is ${status}: ${Stacks[0]?.StackStatusReason ?? 'no reason given'}`,
    );
  }
}
