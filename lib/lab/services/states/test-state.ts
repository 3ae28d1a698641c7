import type { TestStateCommandInput, TestStateCommandOutput } from '@aws-sdk/client-sfn';
import { advance, beginExecution, type Execution } from '../../../models/states/execution.ts';
import type { Effect, ExecutionEvent, TaskRequest } from '../../../models/states/types.ts';
import type { LabContext } from '../../contract.ts';
import { parsedInput, required } from './checks.ts';
import { checkedDefinition } from './definitions.ts';
import { notSupported, validation } from './errors.ts';
import { type IntegrationTools, TaskFailure } from './integrations/integration.ts';
import { integrationOf } from './integrations/registry.ts';

type Result = Omit<TestStateCommandOutput, '$metadata'>;

/** Name of the state under test; a target of this name would be taken for it. */
const testedName = '(the state under test)';

/** Types of states that AWS tests without a mock. */
const testable = ['Task', 'Pass', 'Wait', 'Choice', 'Succeed', 'Fail'];

/** Members of TestState that change what is run, and that the lab lacks. */
const unsupported = ['mock', 'context', 'variables', 'stateConfiguration', 'stateName'] as const;

/** TestState: one state runs by itself, once; what it would go on to is told and not done. */
export class StateTest {
  readonly #context: LabContext;
  readonly #tools: IntegrationTools;
  readonly #rng: LabContext['rng'];

  constructor(context: LabContext, tools: IntegrationTools) {
    this.#context = context;
    this.#tools = tools;
    this.#rng = context.rng.fork('state-tests');
  }

  async run(input: TestStateCommandInput): Promise<Result> {
    const missing = unsupported.find((member) => input[member] !== undefined);
    if (missing) throw notSupported(`${missing} of TestState`);
    if ((input.inspectionLevel ?? 'INFO') !== 'INFO') throw notSupported(`inspectionLevel ${input.inspectionLevel} of TestState`);
    const execution = this.#begin(input);
    let effects = await this.#tell(execution, { kind: 'begin' });
    const entered = effects.find((effect) => effect.kind === 'enter');
    if (entered) effects = await this.#tell(execution, { kind: 'entered', entry: entered.entry });
    for (let result = resultOf(execution, effects); ; result = resultOf(execution, effects)) {
      if (result) return result;
      effects = await this.#tell(execution, await this.#happens(effects));
    }
  }

  #begin(input: TestStateCommandInput): Execution {
    const { quotas, clock } = this.#context;
    const definition = checkedDefinition(wrapped(required(input.definition, 'definition')), 'STANDARD', quotas.number('states.definition-max'));
    const maxPayloadBytes = quotas.number('states.payload-max');
    return beginExecution(
      definition,
      {
        ...{ executionArn: this.#context.arn('states', `express:TestState:${this.#rng.uuid()}`), name: 'TestState' },
        ...{ stateMachineArn: this.#context.arn('states', 'stateMachine:TestState'), stateMachineName: 'TestState', roleArn: input.roleArn ?? '' },
        ...{ input: parsedInput(input.input ?? '{}', maxPayloadBytes), startMs: clock.now(), type: 'STANDARD', redriveCount: 0 },
      },
      { maxPayloadBytes },
    );
  }

  async #tell(execution: Execution, event: ExecutionEvent): Promise<readonly Effect[]> {
    return advance(execution, event, this.#context.clock.now(), this.#rng);
  }

  /** What the state waits for: its task, or its time. */
  async #happens(effects: readonly Effect[]): Promise<ExecutionEvent> {
    const task = effects.find((effect) => effect.kind === 'task');
    if (task) return this.#perform(task.task, task.request);
    const timer = effects.find((effect) => effect.kind === 'timer');
    if (!timer) throw new Error('the state under test waits for nothing');
    const { clock } = this.#context;
    await clock.sleep(Math.max(0, timer.atMs - clock.now()));
    return { kind: 'timer', timer: timer.timer };
  }

  async #perform(task: number, request: TaskRequest): Promise<ExecutionEvent> {
    if (request.integration !== 'request-response') throw validation(`The ${request.integration} pattern cannot be tested without a mock.`);
    try {
      const integration = integrationOf(request.resource);
      if (!integration) throw new TaskFailure('States.Runtime', `The lab does not support the resource ${request.resource}.`);
      return { kind: 'task-succeeded', task, output: (await integration.run(request, this.#tools)).output };
    } catch (thrown) {
      if (!(thrown instanceof TaskFailure)) throw thrown;
      return { kind: 'task-failed', task, error: thrown.error, cause: thrown.failureCause };
    }
  }
}

/** The state as a machine: its targets are there, and end it. */
function wrapped(text: string): string {
  let state: Record<string, unknown>;
  try {
    state = JSON.parse(text);
  } catch {
    // The checks of a whole definition say what is wrong with it.
    return text;
  }
  const type = String(state['Type']);
  if (['Parallel', 'Map'].includes(type))
    throw validation(`State type '${type}' cannot be tested without a mock. Testable are ${testable.join(', ')}.`);
  const targets = [state['Default'], state['Next'], ...nextOf(state['Catch']), ...nextOf(state['Choices'])].filter(
    (name) => typeof name === 'string',
  );
  const ends = Object.fromEntries(targets.map((name) => [name, { Type: 'Succeed' }]));
  return JSON.stringify({ StartAt: testedName, States: { ...ends, [testedName]: state } });
}

function nextOf(list: unknown): unknown[] {
  return Array.isArray(list) ? list.map((each: { Next?: unknown }) => each?.Next) : [];
}

/** What the test came to; undefined while the state is at work. */
function resultOf(execution: Execution, effects: readonly Effect[]): Result | undefined {
  const events = effects.flatMap((effect) => (effect.kind === 'history' ? [effect.event] : []));
  const failed = events.find(({ type }) => type === 'TaskFailed' || type === 'LambdaFunctionFailed');
  const failure = failed ? (Object.values(failed.details ?? {})[0] as { error?: string; cause?: string }) : undefined;
  const told = failure ? { error: failure.error, cause: failure.cause } : {};
  const exited = events.find(({ details }) => details?.['stateExitedEventDetails']);
  const { output } = (exited?.details?.['stateExitedEventDetails'] ?? {}) as { output?: string };
  const ended = effects.find((effect) => effect.kind === 'ended');
  if (ended?.status === 'SUCCEEDED') return { status: 'SUCCEEDED', output: JSON.stringify(ended.output) };
  if (ended) return { status: 'FAILED', error: ended.error, cause: ended.cause };
  if (effects.some(({ kind }) => kind === 'enter')) {
    return { status: failure ? 'CAUGHT_ERROR' : 'SUCCEEDED', nextState: execution.root.state.name, output, ...told };
  }
  return failure && effects.some(({ kind }) => kind === 'timer') ? { status: 'RETRIABLE', ...told } : undefined;
}
