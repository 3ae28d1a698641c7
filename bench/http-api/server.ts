import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Numbers } from '../../lib/core/numbers.ts';
import { packageRoot } from '../../lib/core/package-root.ts';
import { startLab } from '../../lib/lab/lab.ts';

/** A child process that serves the bench's stack. Argument: `delays` for the default latency, `none` without. Prints one line of JSON: endpoint and url. */
const folder = (name: string): Numbers => Numbers.fromFolder(join(packageRoot(), 'config', name));
const raised = {
  'lambda.account-concurrency': 100_000,
  'apigateway.account-rate': 1_000_000,
  'apigateway.account-burst': 1_000_000,
  'dynamodb.table-max-read': 1_000_000,
  'dynamodb.table-max-write': 1_000_000,
  'dynamodb.account-max-read': 1_000_000,
  'dynamodb.account-max-write': 1_000_000,
};
const lab = await startLab({
  port: 0,
  stacks: [{ file: fileURLToPath(new URL('template.yaml', import.meta.url)), stackName: 'bench' }],
  timeScale: 1,
  delays: process.argv[2] === 'delays',
  asAwsIs: false,
  seed: 'bench',
  account: '000000000000',
  region: 'us-east-1',
  quotas: folder('quotas').with(raised, 'bench', '2026-11-24'),
  latency: folder('latency'),
  onDefect: (thrown, operation) => console.error(`defect of the lab in ${operation}:`, thrown),
});
// Answers each line on its input with the bytes that its main thread (tables, metrics) holds after a collection.
process.stdin.on('data', () => {
  globalThis.gc?.();
  globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  console.log(heapUsed + external);
});
const { StackResources = [] } = await lab.context.call<{ StackResources?: { ResourceType?: string; PhysicalResourceId?: string }[] }>(
  'cloudformation',
  'DescribeStackResources',
  { StackName: 'bench' },
  { kind: 'service', service: 'cloudformation' },
);
const idOf = (type: string): string => StackResources.find(({ ResourceType }) => ResourceType === type)?.PhysicalResourceId ?? '';
const dimensions = { ApiId: idOf('AWS::ApiGatewayV2::Api'), TableName: idOf('AWS::DynamoDB::Table') };
console.log(JSON.stringify({ endpoint: lab.endpoint, url: Object.values(lab.frontDoors())[0], dimensions }));
