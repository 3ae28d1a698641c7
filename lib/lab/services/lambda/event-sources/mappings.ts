import { AwsError } from '../../../../core/errors.ts';
import type { Caller, LabContext } from '../../../contract.ts';
import { Dispatch } from '../dispatch.ts';
import { invalidParameter } from '../errors.ts';
import type { Functions } from '../functions.ts';
import type { Mapping, MappingState } from './mapping.ts';
import { mappingSettings, type SettingsInput } from './mapping-settings.ts';
import { type OnDefect, Pollers } from './pollers.ts';

const lambda: Caller = { kind: 'service', service: 'lambda' };

export interface NewMapping extends SettingsInput {
  readonly EventSourceArn?: string | undefined;
  readonly FunctionName?: string | undefined;
}

/** The event source mappings of the account, and what they do in the course of their states. */
export class Mappings {
  readonly #context: LabContext;
  readonly #functions: Functions;
  readonly #dispatch: Dispatch;
  readonly #onDefect: OnDefect;
  readonly #transitionMs: number;
  readonly #byId = new Map<string, Mapping>();

  constructor(context: LabContext, functions: Functions, onDefect: OnDefect) {
    this.#context = context;
    this.#functions = functions;
    this.#onDefect = onDefect;
    this.#dispatch = new Dispatch(context, 'lambda.event-source-dispatch');
    this.#transitionMs = context.quotas.number('lambda.event-source-transition') * 1000;
  }

  /** Creates a mapping; `atOnce` where CloudFormation would wait for it to be there. */
  async create(input: NewMapping, atOnce = false): Promise<Mapping> {
    const { FunctionName, EventSourceArn: queueArn } = input;
    const settings = mappingSettings(input, this.#context.quotas);
    const found = this.#functions.get(FunctionName);
    if (queueArn === undefined) throw invalidParameter('Event source arn is required.');
    if (!/^arn:[^:]+:sqs:/.test(queueArn)) throw invalidParameter(`The lab supports event source mappings for SQS only, not ${queueArn}.`);
    this.#refuseSecond(queueArn, found.arn);
    await this.#checkQueue(queueArn, found.settings.timeoutSec);
    const uuid = this.#context.rng.uuid();
    const mapping: Mapping = {
      uuid,
      arn: this.#context.arn('lambda', `event-source-mapping:${uuid}`),
      queueArn,
      functionName: found.name,
      functionArn: found.arn,
      settings,
      state: 'Creating',
      modifiedMs: this.#context.clock.now(),
      pollers: undefined,
      change: 0,
    };
    this.#byId.set(uuid, mapping);
    if (atOnce) this.#settle(mapping);
    else this.#later(mapping, () => this.#settle(mapping));
    return mapping;
  }

  get(uuid: string | undefined): Mapping {
    const found = this.#byId.get(uuid ?? '');
    if (!found) throw new AwsError('ResourceNotFoundException', 'The resource you requested does not exist.', 404, { Type: 'User' });
    return found;
  }

  list(queueArn: string | undefined, functionName: string | undefined): Mapping[] {
    const name = functionName === undefined ? undefined : this.#functions.get(functionName).name;
    return [...this.#byId.values()].filter(
      (each) => (queueArn === undefined || each.queueArn === queueArn) && (name === undefined || each.functionName === name),
    );
  }

  /**
   * Changes what `input` names and keeps the rest; `declared` by a template, which says all that there is to say and whose deployment waits until it is
   * done.
   */
  update(mapping: Mapping, input: SettingsInput & { readonly FunctionName?: string | undefined }, declared = false): void {
    if (['Creating', 'Updating', 'Deleting'].includes(mapping.state)) throw inUse();
    const settings = mappingSettings(input, this.#context.quotas, declared ? undefined : mapping.settings);
    const found = this.#functions.get(input.FunctionName ?? mapping.functionName);
    const before = mapping.settings;
    const moved = found.name !== mapping.functionName;
    Object.assign(mapping, { settings, functionName: found.name, functionArn: found.arn, modifiedMs: this.#context.clock.now() });
    if (!settings.enabled) this.#disable(mapping);
    else if (!before.enabled || mapping.state === 'Disabling' || mapping.state === 'Disabled') this.#change(mapping, 'Enabling', declared);
    else if (moved || !sameSettings(before, settings)) this.#change(mapping, 'Updating', declared);
  }

  remove(mapping: Mapping): void {
    if (mapping.state === 'Deleting') throw inUse();
    this.#enter(mapping, 'Deleting');
    // Gone once nothing of it reads the queue.
    const drained = mapping.pollers?.drain() ?? Promise.resolve();
    this.#later(mapping, () => void drained.then(() => this.#byId.delete(mapping.uuid)));
  }

  stop(): void {
    for (const mapping of this.#byId.values()) {
      mapping.change++;
      mapping.pollers?.abort();
    }
  }

  #enter(mapping: Mapping, state: MappingState): void {
    mapping.state = state;
    mapping.change++;
  }

  /** Runs `task` after a transition's time, unless another change has begun by then. */
  #later(mapping: Mapping, task: () => void): void {
    const { change } = mapping;
    this.#context.clock.schedule(this.#transitionMs, () => {
      if (mapping.change === change) task();
    });
  }

  /** Enabling and Updating: a new set of pollers after the transition; the old one ends by itself. */
  #change(mapping: Mapping, state: 'Enabling' | 'Updating', atOnce: boolean): void {
    this.#enter(mapping, state);
    if (atOnce) this.#settle(mapping);
    else this.#later(mapping, () => this.#settle(mapping));
  }

  #settle(mapping: Mapping): void {
    void mapping.pollers?.drain();
    mapping.pollers = undefined;
    mapping.state = mapping.settings.enabled ? 'Enabled' : 'Disabled';
    if (!mapping.settings.enabled) return;
    mapping.pollers = new Pollers(this.#context, this.#dispatch, mapping, this.#onDefect);
    mapping.pollers.start();
  }

  /** Disabled once every poll that was open has ended and what it brought is done. */
  #disable(mapping: Mapping): void {
    if (mapping.state === 'Disabled' || mapping.state === 'Disabling') return;
    this.#enter(mapping, 'Disabling');
    const { change } = mapping;
    void (mapping.pollers?.drain() ?? Promise.resolve()).then(() => {
      if (mapping.change === change) this.#settle(mapping);
    });
  }

  #refuseSecond(queueArn: string, functionArn: string): void {
    const second = [...this.#byId.values()].find((each) => each.queueArn === queueArn && each.functionArn === functionArn);
    if (!second) return;
    const what = `SQS arn (" ${queueArn} ") and function (" ${functionArn} ")`;
    const message = `An event source mapping with ${what} already exists. Please update or delete the existing mapping with UUID ${second.uuid}`;
    throw new AwsError('ResourceConflictException', message, 409, { Type: 'User' });
  }

  async #checkQueue(queueArn: string, timeoutSec: number): Promise<void> {
    const [account, name] = queueArn.split(':').slice(4);
    const QueueUrl = `${this.#context.endpoint()}/${account}/${name}`;
    const input = { QueueUrl, AttributeNames: ['VisibilityTimeout'] };
    const { Attributes } = await this.#context
      .call<{ Attributes: { VisibilityTimeout: string } }>('sqs', 'GetQueueAttributes', input, lambda)
      .catch((thrown: unknown) => {
        if (!(thrown instanceof AwsError)) throw thrown;
        throw invalidParameter(
          `Error occurred while ReceiveMessage. SQS Error Code: AWS.SimpleQueueService.NonExistentQueue. SQS Error Message: ${thrown.message}`,
        );
      });
    const visibilitySec = Number(Attributes.VisibilityTimeout);
    if (visibilitySec < timeoutSec)
      throw invalidParameter(`Queue visibility timeout: ${visibilitySec} seconds is less than Function timeout: ${timeoutSec} seconds`);
  }
}

function inUse(): AwsError {
  return new AwsError('ResourceInUseException', 'Cannot update the event source mapping because it is in use.', 400, { Type: 'User' });
}

function sameSettings(a: object, b: object): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
