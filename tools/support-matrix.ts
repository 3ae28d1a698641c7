/**
 * Writes docs/support.md: what the lab supports, from the lists that the code itself goes by.
 *
 *   node tools/support-matrix.ts
 *
 * test/conformance/support-matrix.test.ts fails when the page is older than the code.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { virtualClock } from '../lib/core/clock.ts';
import { Numbers } from '../lib/core/numbers.ts';
import { packageRoot } from '../lib/core/package-root.ts';
import { seededRng } from '../lib/core/rng.ts';
import type { LabContext, LabService } from '../lib/lab/contract.ts';
import { loadWireServices } from '../lib/lab/gateway/wire-services.ts';
import { createMetricStore } from '../lib/lab/services/cloudwatch/store.ts';
import { createServices } from '../lib/lab/services.ts';
import { mathFunctions } from '../lib/models/cloudwatch/metric-math.ts';
import { actionsNotInLab } from '../lib/models/fis/actions/not-in-lab.ts';
import { actions } from '../lib/models/fis/actions/registry.ts';
import { coldStartRuntimes } from '../lib/models/lambda/cold-start.ts';
import { stepActionNames } from '../lib/models/ssm/steps/registry.ts';
import { supportedNames } from '../lib/template/intrinsic-names.ts';
import { eventTypes } from '../lib/template/sam/events.ts';
import { functionProperties, sameInLambda } from '../lib/template/sam/function.ts';
import { httpApiProperties } from '../lib/template/sam/http-api.ts';
import { policyTemplates } from '../lib/template/sam/policy-templates.ts';
import { restApiProperties } from '../lib/template/sam/rest-api.ts';
import { simpleTableProperties } from '../lib/template/sam/simple-table.ts';
import { stateMachineProperties } from '../lib/template/sam/state-machine.ts';

/** Where the page lies. */
export const supportPage = join(packageRoot(), 'docs/support.md');

/** Services as people know them, by AWS's endpoint prefix. */
const titles: Readonly<Record<string, string>> = {
  apigateway: 'API Gateway (HTTP and REST APIs)',
  cloudformation: 'CloudFormation',
  dynamodb: 'DynamoDB',
  fis: 'FIS',
  iam: 'IAM and CloudWatch Logs',
  lambda: 'Lambda',
  monitoring: 'CloudWatch',
  s3: 'S3',
  sqs: 'SQS',
  ssm: 'Systems Manager',
  states: 'Step Functions',
  sts: 'STS',
};

const samTypes: Readonly<Record<string, readonly string[]>> = {
  'AWS::Serverless::Api': restApiProperties,
  'AWS::Serverless::Function': functionProperties,
  'AWS::Serverless::HttpApi': httpApiProperties,
  'AWS::Serverless::SimpleTable': simpleTableProperties,
  'AWS::Serverless::StateMachine': stateMachineProperties,
};

/** The page's text, for the code as it is now. */
export async function supportMatrix(): Promise<string> {
  const latency = Numbers.fromFolder(join(packageRoot(), 'config/latency'));
  const context = idleContext(latency);
  const services = createServices(context, createMetricStore(context.clock), () => undefined).all;
  try {
    return [introduction, await operationsSection(services), ...resourceSections(services), ...automationSections(), runtimesSection(latency)].join(
      '\n',
    );
  } finally {
    for (const service of services) await service.stop?.();
  }
}

/** A lab that nobody calls: its services are only asked for their lists. */
function idleContext(latency: Numbers): LabContext {
  const clock = virtualClock();
  const closed = (): Promise<never> => Promise.reject(new Error('nobody calls this lab'));
  return {
    account: '123456789012',
    region: 'us-east-1',
    clock,
    wall: clock,
    rng: seededRng('support'),
    quotas: Numbers.fromFolder(join(packageRoot(), 'config/quotas')),
    latency,
    delays: false,
    asAwsIs: false,
    metrics: { series: () => ({ add: () => undefined }) },
    meter: () => undefined,
    endpoint: () => '',
    call: closed,
    wire: closed,
    arn: (service, resource) => `arn:aws:${service}:us-east-1:123456789012:${resource}`,
  };
}

const introduction = `# What the lab supports

Generated from the code by \`node tools/support-matrix.ts\`; a test fails when this page is older than the code. What is not listed is refused by name,
never ignored: an operation with AWS's error for an operation that does not exist, a resource type or a property with file and line.
How to use the lab, and what it refuses although the operation is listed: [lab.md](lab.md).
`;

async function operationsSection(services: readonly LabService[]): Promise<string> {
  const wires = await loadWireServices();
  const rows = services
    .filter(({ operations }) => Object.keys(operations).length > 0)
    .map(({ name, operations }) => {
      const all = wires.get(name)?.schemas.operations().length ?? 0;
      const names = Object.keys(operations).sort();
      return [titleOf(name), code(name), all > names.length ? `${names.length} of ${all}` : `${names.length}`, names.join(', ')];
    });
  const text = `The second number counts what the service's AWS SDK client knows, in the version that proofload installs (of FIS and IAM none is counted: proofload has the shapes of its own).`;
  return section('Operations', text, ['service', 'signing name', 'operations', 'supported'], byFirst(rows));
}

function resourceSections(services: readonly LabService[]): string[] {
  const types = services.flatMap(({ resources }) => resources ?? []);
  const inLambda = types.find(({ type }) => type === 'AWS::Lambda::Function')?.properties ?? [];
  // What SAM only passes on counts where the function that it becomes takes it.
  const isTaken = (property: string): boolean => !sameInLambda.includes(property) || inLambda.includes(property);
  const sam = Object.entries(samTypes).map(([type, properties]) => [code(type), sorted(properties.filter(isTaken))]);
  const policies = Object.keys(policyTemplates).map(code).join(', ');
  return [
    section(
      'CloudFormation resource types',
      'Properties that are listed are honoured, or harmless to ignore in the lab; the source says which, beside each list.',
      ['type', 'properties'],
      byFirst(types.map(({ type, properties }) => [code(type), sorted(properties)])),
    ),
    section(
      'SAM',
      `\`Transform: AWS::Serverless-2016-10-31\`. Events of a function: ${eventTypes.map(code).join(', ')}. Policy templates: ${policies}.`,
      ['type', 'properties'],
      byFirst(sam),
    ),
    `## Intrinsic functions\n\n${supportedNames
      .filter((name) => name !== 'Condition')
      .map(code)
      .join(', ')}, and \`Condition\` inside conditions. Dynamic references: \`{{resolve:ssm:name}}\` and \`{{resolve:ssm:name:version}}\`.\n`,
  ];
}

function automationSections(): string[] {
  const rows = actions.map(({ actionId, parameters, targets }) => [
    code(actionId),
    Object.entries(parameters)
      .map(([name, { required }]) => `\`${name}\`${required ? ' (required)' : ''}`)
      .join(', '),
    Object.entries(targets)
      .map(([name, type]) => `${name}: \`${type}\``)
      .join(', ') || 'none',
  ]);
  return [
    section('FIS actions', 'Actions that the lab runs.', ['action', 'parameters', 'targets'], byFirst(rows)),
    `Actions of FIS that the lab knows, whose targets and parameters it checks, and which it then refuses as "not supported by the lab": ${actionsNotInLab.map(({ actionId }) => code(actionId)).join(', ')}.\n`,
    `## Automation steps\n\nActions of SSM Automation documents, schema 0.3: ${stepActionNames().sort().map(code).join(', ')}.\n`,
    `## Metric math\n\nFunctions of GetMetricData and of alarms on metric math, beside arithmetic and comparison: ${[...mathFunctions].sort().map(code).join(', ')}.\n`,
  ];
}

function runtimesSection(latency: Numbers): string {
  return `## Runtimes of functions\n\n${coldStartRuntimes(latency).sort().map(code).join(', ')}: those whose cold starts \`config/latency\` has.\n`;
}

function section(title: string, text: string, head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [`## ${title}`, '', text, '', line(head), line(head.map(() => '---')), ...rows.map(line), ''].join('\n');
}

function byFirst(rows: readonly (readonly string[])[]): (readonly string[])[] {
  return [...rows].sort(([a = ''], [b = '']) => (a < b ? -1 : 1));
}

function titleOf(name: string): string {
  return titles[name] ?? name;
}

function code(text: string): string {
  return `\`${text}\``;
}

function sorted(names: readonly string[]): string {
  return [...names].sort().join(', ');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(supportPage, await supportMatrix());
