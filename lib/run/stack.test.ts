import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { expect, it } from 'vitest';
import type { AwsClients } from '../core/aws-clients.ts';
import { describeStack, physicalId } from './stack.ts';

const credentials = { accessKeyId: 'a', secretAccessKey: 's' };

/** A client whose calls are answered by `answer`, in CloudFormation's XML. */
function scripted(answer: (call: URLSearchParams) => string): AwsClients {
  const handle = async ({ body }: { body: string }) => {
    const bytes = new TextEncoder().encode(answer(new URLSearchParams(body)));
    return { response: { statusCode: 200, headers: {}, body: new Blob([bytes]).stream() } };
  };
  return { cloudformation: new CloudFormationClient({ region: 'us-east-1', credentials, requestHandler: { handle } as never }) } as AwsClients;
}

const member = (logical: string, physical: string, status = 'CREATE_COMPLETE'): string =>
  `<member><LogicalResourceId>${logical}</LogicalResourceId><PhysicalResourceId>${physical}</PhysicalResourceId><ResourceType>T</ResourceType><ResourceStatus>${status}</ResourceStatus></member>`;

it('reads all resources of a stack, however many pages they take, and none that is deleted', async () => {
  const calls: string[] = [];
  const clients = scripted((call) => {
    const action = call.get('Action') ?? '';
    const token = call.get('NextToken');
    calls.push(token ? `${action} ${token}` : action);
    const result =
      action === 'DescribeStacks'
        ? '<Stacks><member><StackName>shop</StackName><Outputs><member><OutputKey>Url</OutputKey><OutputValue>https://x</OutputValue></member></Outputs></member></Stacks>'
        : token
          ? `<StackResourceSummaries>${member('B', 'shop-b')}${member('Old', 'shop-old', 'DELETE_COMPLETE')}</StackResourceSummaries>`
          : `<StackResourceSummaries>${member('A', 'shop-a')}</StackResourceSummaries><NextToken>more</NextToken>`;
    return `<${action}Response><${action}Result>${result}</${action}Result></${action}Response>`;
  });
  const stack = await describeStack(clients, 'shop', 'template.yaml');
  expect(stack.outputs).toEqual({ Url: 'https://x' });
  expect(physicalId(stack, 'B')).toBe('shop-b');
  expect(stack.resources.map(({ logicalId }) => logicalId)).toEqual(['A', 'B']);
  expect(calls).toEqual(['DescribeStacks', 'ListStackResources', 'ListStackResources more']);
});
