import { DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { type ExperimentTemplateSummary, GetExperimentTemplateCommand, paginateListExperimentTemplates } from '@aws-sdk/client-fis';
import type { AwsClients } from '../core/aws-clients.ts';
import { ProofloadError } from '../core/errors.ts';
import { probeOf } from './probe.ts';
import { settingNamed } from './settings/index.ts';
import type { DeployedFault } from './types.ts';
import { refusePendingUndo } from './undo-entries.ts';

export interface WantedFault {
  readonly name: string;
  /** The template's file as the hint shows it. */
  readonly file: string;
  readonly stack: string;
  /** Values that its stack's parameters must have, references resolved. */
  readonly parameters: Readonly<Record<string, string>>;
}

/**
 * Finds the deployed fault by its tag, whose stack has the parameters that the exercise asks for.
 * @throws ProofloadError `fault-not-deployed` with the command that deploys it, `fault-differs` naming each difference, `bad-fault`,
 * `undo-pending` when an earlier run has not restored what the fault changes
 */
export async function findFault(clients: AwsClients, wanted: WantedFault): Promise<DeployedFault> {
  const differences: string[] = [];
  for (const summary of await templatesOf(clients, wanted.name)) {
    const stack = summary.tags?.['proofload:stack'] ?? '';
    const actual = await stackParameters(clients, stack);
    if (!actual) {
      differences.push(`stack ${stack || '(no tag proofload:stack)'} is gone`);
      continue;
    }
    const different = Object.entries(wanted.parameters).filter(([name, value]) => actual[name] !== value);
    if (different.length === 0) return describeFault(clients, wanted, summary);
    differences.push(...different.map(([name, value]) => `stack ${stack} has ${name}=${actual[name] ?? '(none)'}, not ${value}`));
  }
  if (differences.length > 0) {
    throw new ProofloadError('fault-differs', `fault ${wanted.name} is deployed with other parameters: ${differences.join('; ')}`, {
      hint: deployCommand(wanted),
    });
  }
  throw new ProofloadError('fault-not-deployed', `fault ${wanted.name} is not deployed on the site`, { hint: deployCommand(wanted) });
}

/** The command with which a user deploys a fault. */
function deployCommand({ file, stack, parameters }: WantedFault): string {
  const values = Object.entries(parameters).map(([name, value]) => `${name}=${value}`);
  return `deploy it: aws cloudformation deploy --template-file ${file} --stack-name ${stack} --capabilities CAPABILITY_IAM --parameter-overrides ${values.join(' ')}`;
}

async function templatesOf(clients: AwsClients, fault: string): Promise<ExperimentTemplateSummary[]> {
  const found: ExperimentTemplateSummary[] = [];
  for await (const page of paginateListExperimentTemplates({ client: clients.fis }, {})) {
    found.push(...(page.experimentTemplates ?? []).filter((each) => each.tags?.['proofload:fault'] === fault));
  }
  return found;
}

/** Undefined when there is no such stack: the experiment template outlived it. */
async function stackParameters(clients: AwsClients, stack: string): Promise<Record<string, string> | undefined> {
  if (stack === '') return undefined;
  const isGone = (thrown: unknown): boolean => thrown instanceof Error && thrown.name === 'ValidationError' && /does not exist/.test(thrown.message);
  const { Stacks = [] } = await clients.cloudformation.send(new DescribeStacksCommand({ StackName: stack })).catch((thrown: unknown) => {
    if (isGone(thrown)) return { Stacks: [] };
    throw thrown;
  });
  if (Stacks.length === 0) return undefined;
  return Object.fromEntries((Stacks[0]?.Parameters ?? []).map(({ ParameterKey = '', ParameterValue = '' }) => [ParameterKey, ParameterValue]));
}

async function describeFault(clients: AwsClients, wanted: WantedFault, summary: ExperimentTemplateSummary): Promise<DeployedFault> {
  const { experimentTemplate } = await clients.fis.send(new GetExperimentTemplateCommand({ id: summary.id }));
  const tags = experimentTemplate?.tags ?? summary.tags ?? {};
  const tag = (name: string): string => {
    const value = tags[name];
    if (value !== undefined) return value;
    throw new ProofloadError('bad-fault', `the experiment template of fault ${wanted.name} has no tag ${name}`, {
      hint: 'see docs/adding-a-fault.md for the tags that a fault carries',
    });
  };
  const fault: DeployedFault = {
    name: wanted.name,
    templateId: summary.id ?? '',
    stack: tag('proofload:stack'),
    setting: tag('proofload:setting'),
    resource: tag('proofload:resource'),
    set: tag('proofload:set'),
    pointer: startsDocument(experimentTemplate?.actions) ? tag('proofload:pointer') : tags['proofload:pointer'],
    ...(tags['proofload:probe'] === undefined ? {} : { probe: tags['proofload:probe'] }),
    actions: Object.fromEntries(Object.entries(experimentTemplate?.actions ?? {}).map(([name, action]) => [name, action.actionId ?? ''])),
    description: experimentTemplate?.description ?? '',
  };
  settingNamed(fault.setting);
  probeOf(fault);
  await refusePendingUndo(clients, fault);
  return fault;
}

/** Only a document has to be told on whose behalf it acts. */
function startsDocument(actions: Readonly<Record<string, { readonly actionId?: string | undefined }>> = {}): boolean {
  return Object.values(actions).some(({ actionId }) => actionId === 'aws:ssm:start-automation-execution');
}
