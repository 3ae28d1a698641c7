import type {
  DescribeAutomationExecutionsCommandInput,
  DescribeAutomationStepExecutionsCommandInput,
  GetAutomationExecutionCommandInput,
  StartAutomationExecutionCommandInput,
  StopAutomationExecutionCommandInput,
} from '@aws-sdk/client-ssm';
import { AwsError } from '../../../../core/errors.ts';
import { msOfIso } from '../../../../core/time-format.ts';
import { parameterValues } from '../../../../models/ssm/parameters.ts';
import type { CallContext, LabContext, Operation } from '../../../contract.ts';
import { pageOf } from '../../paging.ts';
import type { DocumentStore } from '../documents.ts';
import { invalidNextToken, notSupported, required, validation } from '../errors.ts';
import { type Tags, tagMap } from '../tags.ts';
import { createInputTyper } from './api-input.ts';
import { type AutomationExecution, executionSummary, fullExecution, isEnded, stepExecution } from './execution.ts';
import { AutomationRun, newStepRun } from './run-automation.ts';

export interface Automations {
  readonly operations: Readonly<Record<string, Operation>>;
  tagsOf(id: string): Tags | undefined;
  stop(): void;
}

/** Members of StartAutomationExecution that would run the document elsewhere or many times. */
const unsupportedMembers = ['Targets', 'TargetMaps', 'TargetLocations', 'TargetLocationsURL', 'TargetParameterName', 'AlarmConfiguration'] as const;

/** Executions of Automation documents; more than the quota at once wait in a queue, as on AWS. */
export function createAutomations(context: LabContext, documents: DocumentStore): Automations {
  const executions = new Map<string, AutomationExecution>();
  const running = new Map<string, AutomationRun>();
  const queue: AutomationExecution[] = [];
  const typeInput = createInputTyper();
  let closed = false;

  const launch = (): void => {
    while (!closed && queue.length > 0 && running.size < context.quotas.number('ssm.concurrent-automations')) {
      const execution = queue.shift() as AutomationExecution;
      const automation = new AutomationRun(execution, context, typeInput);
      running.set(execution.id, automation);
      void automation.done.then(() => {
        running.delete(execution.id);
        launch();
      });
    }
  };
  const get = (id: string | undefined): AutomationExecution => {
    const execution = executions.get(required(id, 'automationExecutionId'));
    if (!execution) throw new AwsError('AutomationExecutionNotFoundException', `There is no automation execution ${id}.`);
    return execution;
  };
  const start = (input: StartAutomationExecutionCommandInput, call: CallContext): { AutomationExecutionId: string } => {
    const earlier = input.ClientToken === undefined ? undefined : [...executions.values()].find((each) => each.clientToken === input.ClientToken);
    if (earlier) return { AutomationExecutionId: earlier.id };
    if (queue.length >= context.quotas.number('ssm.queued-automations'))
      throw new AwsError(
        'AutomationExecutionLimitExceededException',
        'The number of simultaneously running Automation executions exceeded the limit.',
      );
    const execution = newExecution(input, call, context, documents);
    executions.set(execution.id, execution);
    queue.push(execution);
    launch();
    return { AutomationExecutionId: execution.id };
  };
  const stopOne = (input: StopAutomationExecutionCommandInput): object => {
    const execution = get(input.AutomationExecutionId);
    if (isEnded(execution.status))
      throw new AwsError('InvalidAutomationStatusUpdateException', `The automation execution ${execution.id} has ended as ${execution.status}.`);
    const automation = running.get(execution.id);
    if (automation) automation.stop(input.Type ?? 'Cancel');
    else {
      queue.splice(queue.indexOf(execution), 1);
      Object.assign(execution, { status: 'Cancelled', endMs: context.clock.now() });
    }
    return {};
  };
  return {
    tagsOf: (id) => executions.get(id)?.tags,
    stop: () => {
      closed = true;
      for (const automation of running.values()) automation.close();
    },
    operations: {
      StartAutomationExecution: { act: start },
      StopAutomationExecution: { act: stopOne },
      GetAutomationExecution: {
        act: (input: GetAutomationExecutionCommandInput) => ({ AutomationExecution: fullExecution(get(input.AutomationExecutionId)) }),
      },
      DescribeAutomationExecutions: {
        act: (input: DescribeAutomationExecutionsCommandInput) => described([...executions.values()].reverse(), input),
      },
      DescribeAutomationStepExecutions: {
        act: (input: DescribeAutomationStepExecutionsCommandInput) => describedSteps(get(input.AutomationExecutionId), input),
      },
    },
  };
}

function newExecution(
  input: StartAutomationExecutionCommandInput,
  call: CallContext,
  context: LabContext,
  documents: DocumentStore,
): AutomationExecution {
  const name = required(input.DocumentName, 'documentName');
  const unsupported = unsupportedMembers.find((member) => input[member] !== undefined);
  if (unsupported) throw notSupported(`${unsupported} of StartAutomationExecution`);
  if (input.Mode === 'Interactive') throw notSupported('The mode Interactive');
  const document = documents.find(name);
  if (!document) throw new AwsError('AutomationDefinitionNotFoundException', `There is no Automation document ${name}.`);
  const version = documents.version(document, input.DocumentVersion);
  if (!version)
    throw new AwsError('AutomationDefinitionVersionNotFoundException', `The Automation document ${name} has no version ${input.DocumentVersion}.`);
  const parameters = parameterValues(version.parsed, input.Parameters ?? {});
  return {
    id: context.rng.uuid(),
    documentName: document.name,
    document: version,
    parameters,
    clientToken: input.ClientToken,
    executedBy:
      call.caller.kind === 'service'
        ? `arn:aws:sts::${context.account}:assumed-role/${call.caller.service}`
        : `arn:aws:iam::${context.account}:user/lab`,
    tags: tagMap(input.Tags),
    steps: version.parsed.steps.map((step) => newStepRun(step, context)),
    startMs: context.clock.now(),
    endMs: undefined,
    status: 'Pending',
    current: undefined,
    failure: undefined,
    outputs: {},
  };
}

function described(executions: readonly AutomationExecution[], input: DescribeAutomationExecutionsCommandInput): object {
  const matching = executions.filter((execution) => (input.Filters ?? []).every(({ Key = '', Values = [] }) => passes(execution, Key, Values)));
  const page = pageOf(matching, input.NextToken, input.MaxResults ?? 50);
  if (!page) throw invalidNextToken();
  return { AutomationExecutionMetadataList: page.items.map(executionSummary), ...(page.next ? { NextToken: page.next } : {}) };
}

function passes(execution: AutomationExecution, key: string, values: readonly string[]): boolean {
  switch (key) {
    case 'DocumentNamePrefix':
      return values.some((value) => execution.documentName.startsWith(value));
    case 'ExecutionStatus':
      return values.includes(execution.status);
    case 'ExecutionId':
      return values.includes(execution.id);
    case 'CurrentAction':
      return values.includes(execution.current?.step.action ?? '');
    case 'StartTimeBefore':
      return values.every((value) => execution.startMs < timeOf(value));
    case 'StartTimeAfter':
      return values.every((value) => execution.startMs >= timeOf(value));
    case 'AutomationType':
      return values.includes('Local');
    case 'ParentExecutionId':
      return false;
    case 'TagKey':
      return values.some((value) => execution.tags.has(value));
    default:
      throw new AwsError('InvalidFilterKey', `The filter key ${key} is not valid.`);
  }
}

function timeOf(text: string): number {
  const ms = msOfIso(text);
  if (Number.isNaN(ms)) throw new AwsError('InvalidFilterValue', `${text} is not a time.`);
  return ms;
}

function describedSteps(execution: AutomationExecution, input: DescribeAutomationStepExecutionsCommandInput): object {
  const filters = input.Filters ?? [];
  const unknown = filters.find((filter) => !['StepName', 'Action', 'StepExecutionStatus', 'StepExecutionId'].includes(filter.Key ?? ''));
  if (unknown) throw validation(`The filter key ${unknown.Key} is not supported by the lab.`);
  const matching = execution.steps.filter((run) =>
    filters.every(({ Key, Values = [] }) => {
      const value = { StepName: run.step.name, Action: run.step.action, StepExecutionStatus: run.status, StepExecutionId: run.id }[Key as string];
      return Values.includes(value ?? '');
    }),
  );
  const ordered = input.ReverseOrder ? matching.reverse() : matching;
  const page = pageOf(ordered, input.NextToken, input.MaxResults ?? 50);
  if (!page) throw invalidNextToken();
  return { StepExecutions: page.items.map(stepExecution), ...(page.next ? { NextToken: page.next } : {}) };
}
