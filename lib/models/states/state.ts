import type { Evaluator, Variables } from './scope.ts';
import type { Integration, Json, StateMachineType } from './types.ts';

/** Where a state leads; linked once all states of a graph are known. Without a state the graph ends there. */
export interface Target {
  state: State | undefined;
}

/** What leaves a state: its output, and the variables it assigns. */
export interface Exit {
  readonly output: Json;
  readonly assigned?: Variables;
}

/** One entry of Retry. */
export interface Retrier {
  readonly errorEquals: readonly string[];
  readonly intervalSec: number;
  readonly maxAttempts: number;
  readonly backoffRate: number;
  readonly maxDelaySec: number | undefined;
  readonly fullJitter: boolean;
}

/** One entry of Catch; its exit sees the error output in the scope. */
export interface Catcher {
  readonly errorEquals: readonly string[];
  readonly target: Target;
  readonly exit: Evaluator<Exit>;
}

interface Common {
  readonly name: string;
  /** AWS's types of the events that this state writes when it is entered and left. */
  readonly enteredType: string;
  readonly exitedType: string;
}

interface Leaving extends Common {
  readonly target: Target;
  /** The output of the state; the scope has its input, and its result where it has one. */
  readonly exit: Evaluator<Exit>;
}

interface Guarded extends Leaving {
  readonly retry: readonly Retrier[];
  readonly catch: readonly Catcher[];
}

/** The resource of a Task, taken apart. */
export interface TaskResource {
  readonly arn: string;
  readonly kind: 'lambda' | 'activity' | 'service';
  readonly integration: Integration;
  /** `resourceType` of the history, such as `sqs` or `aws-sdk:dynamodb`. */
  readonly service: string;
  /** `resource` of the history, such as `sendMessage.waitForTaskToken`. */
  readonly action: string;
}

export interface PassState extends Leaving {
  readonly type: 'Pass';
}

export interface TaskState extends Guarded {
  readonly type: 'Task';
  readonly resource: TaskResource;
  readonly arguments: Evaluator;
  readonly timeoutSec: Evaluator<number> | undefined;
  readonly heartbeatSec: Evaluator<number> | undefined;
  readonly credentials: Evaluator | undefined;
}

/** One rule of a Choice. */
interface ChoiceRule {
  readonly matches: Evaluator<boolean>;
  readonly target: Target;
  readonly exit: Evaluator<Exit>;
}

export interface ChoiceState extends Common {
  readonly type: 'Choice';
  readonly rules: readonly ChoiceRule[];
  readonly defaultTarget: Target | undefined;
  /** What leaves by Default. */
  readonly exit: Evaluator<Exit>;
}

export interface WaitState extends Leaving {
  readonly type: 'Wait';
  /** The instant at which it goes on; it may have passed. */
  readonly untilMs: Evaluator<number>;
}

export interface SucceedState extends Common {
  readonly type: 'Succeed';
  readonly exit: Evaluator<Exit>;
}

export interface FailState extends Common {
  readonly type: 'Fail';
  readonly error: Evaluator<string> | undefined;
  readonly cause: Evaluator<string> | undefined;
}

export interface ParallelState extends Guarded {
  readonly type: 'Parallel';
  readonly arguments: Evaluator;
  readonly branches: readonly Graph[];
}

/** How the items of a Distributed Map are put together; what is not given does not count. */
export interface Batching {
  readonly maxItems: Evaluator<number> | undefined;
  readonly maxBytes: Evaluator<number> | undefined;
  readonly input: Evaluator | undefined;
}

/** What makes a Map a distributed one: what runs for each item, or batch of items, is an execution of its own. */
export interface Distribution {
  /** Type of the child executions. */
  readonly type: StateMachineType;
  /** The definition of the child executions as it was written. */
  readonly text: string;
  readonly label: string;
  readonly toleratedCount: Evaluator<number> | undefined;
  readonly toleratedPercentage: Evaluator<number> | undefined;
  readonly batching: Batching | undefined;
}

export interface MapState extends Guarded {
  readonly type: 'Map';
  readonly distribution: Distribution | undefined;
  readonly items: Evaluator<readonly Json[]>;
  /** The input of one iteration; the item itself is in the context object. */
  readonly item: Evaluator | undefined;
  /** 0: as many as the quota allows. */
  readonly maxConcurrency: Evaluator<number>;
  readonly processor: Graph;
}

export type State = PassState | TaskState | ChoiceState | WaitState | SucceedState | FailState | ParallelState | MapState;

/** States that lead to each other: a state machine, a branch, or what runs for each item. */
export interface Graph {
  readonly startAt: State;
  readonly states: ReadonlyMap<string, State>;
}
