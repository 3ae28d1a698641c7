import type { CreateStateMachineCommandInput, LoggingConfiguration, Tag, TracingConfiguration } from '@aws-sdk/client-sfn';
import { AwsError } from '../../../core/errors.ts';
import type { StateMachineType } from '../../../models/states/types.ts';
import type { LabContext } from '../../contract.ts';
import { arnOf } from './arns.ts';
import { checkedName, required } from './checks.ts';
import { checkedDefinition } from './definitions.ts';
import { constraint, notSupported, stateMachineAlreadyExists, stateMachineDeleting, stateMachineDoesNotExist } from './errors.ts';
import type { Revision, Startable, StateMachine } from './state-machine.ts';
import { addTags } from './tags.ts';

/** What a state machine has where nothing is said. */
export const noLogging: LoggingConfiguration = { level: 'OFF', includeExecutionData: false };
export const noTracing: TracingConfiguration = { enabled: false };

/** What an update may give anew. */
export interface Change {
  readonly definition?: string | undefined;
  readonly roleArn?: string | undefined;
  readonly loggingConfiguration?: LoggingConfiguration | undefined;
  readonly tracingConfiguration?: TracingConfiguration | undefined;
}

/** The state machines of the account, by ARN. */
export class StateMachines {
  readonly #context: LabContext;
  readonly #rng: LabContext['rng'];
  readonly #byArn = new Map<string, StateMachine>();

  constructor(context: LabContext) {
    this.#context = context;
    this.#rng = context.rng.fork('state-machines');
  }

  /** Creates it, or gives back the one that the very same request created before, as AWS does. */
  create(input: CreateStateMachineCommandInput): StateMachine {
    const name = checkedName(input.name);
    if (input.encryptionConfiguration?.type === 'CUSTOMER_MANAGED_KMS_KEY') throw notSupported('encryptionConfiguration with a customer managed key');
    const type = checkedType(input.type);
    const text = required(input.definition, 'definition');
    const roleArn = checkedRole(required(input.roleArn, 'roleArn'));
    const arn = this.#context.arn('states', `stateMachine:${name}`);
    const existing = this.#byArn.get(arn);
    if (existing?.deleting) throw stateMachineDeleting(arn);
    if (existing) return same(existing, type, text, input);
    const { quotas, clock } = this.#context;
    const definition = checkedDefinition(text, type, quotas.number('states.definition-max'));
    if (this.#byArn.size >= quotas.number('states.state-machines')) {
      throw new AwsError('StateMachineLimitExceeded', 'The maximum number of state machines has been reached.');
    }
    const { loggingConfiguration: logging = noLogging, tracingConfiguration: tracing = noTracing } = input;
    const nowMs = clock.now();
    const revision: Revision = { id: undefined, text, definition, roleArn, logging, tracing, atMs: nowMs };
    const machine: StateMachine = {
      ...{ name, arn, type, revision, createdMs: nowMs, tags: new Map(), versions: [], aliases: new Map(), nextVersion: 1, deleting: false },
    };
    addTags(machine.tags, input.tags, arn, quotas.number('states.tags'));
    this.#byArn.set(arn, machine);
    return machine;
  }

  /** StateMachineAlreadyExists where the name is taken. */
  requireFree(name: string | undefined): void {
    const arn = this.#context.arn('states', `stateMachine:${name}`);
    if (this.#byArn.has(arn)) throw stateMachineAlreadyExists(arn);
  }

  /** Gives it a new revision, unless nothing changes. */
  update(machine: StateMachine, change: Change): void {
    const { revision, type } = machine;
    if (machine.deleting) throw stateMachineDeleting(machine.arn);
    const { definition: text = revision.text, loggingConfiguration: logging = revision.logging } = change;
    const { tracingConfiguration: tracing = revision.tracing, roleArn = revision.roleArn } = change;
    const settings = JSON.stringify([logging, tracing]) === JSON.stringify([revision.logging, revision.tracing]);
    if (text === revision.text && checkedRole(roleArn) === revision.roleArn && settings) return;
    const max = this.#context.quotas.number('states.definition-max');
    const definition = text === revision.text ? revision.definition : checkedDefinition(text, type, max);
    machine.revision = { id: this.#rng.uuid(), text, definition, roleArn, logging, tracing, atMs: this.#context.clock.now() };
  }

  /** Gives it these tags and no others. */
  retag(machine: StateMachine, tags: readonly Tag[] | undefined): void {
    machine.tags.clear();
    addTags(machine.tags, tags, machine.arn, this.#context.quotas.number('states.tags'));
  }

  remove(machine: StateMachine): void {
    this.#byArn.delete(machine.arn);
  }

  find(arn: string): StateMachine | undefined {
    return this.#byArn.get(arn);
  }

  /** The state machine that an ARN without version and alias means. */
  get(arn: string | undefined): StateMachine {
    const parsed = arnOf(required(arn, 'stateMachineArn'), 'stateMachine');
    const found = parsed.qualifier === undefined ? this.#byArn.get(parsed.arn) : undefined;
    if (!found) throw stateMachineDoesNotExist(arn ?? '');
    return found;
  }

  /** What an ARN starts: the latest revision, a version, or one of the versions that an alias routes to, by their weights. */
  startable(arn: string | undefined): Startable {
    const parsed = arnOf(required(arn, 'stateMachineArn'), 'stateMachine');
    const machine = this.#byArn.get(parsed.arn);
    if (!machine) throw stateMachineDoesNotExist(arn ?? '');
    if (machine.deleting) throw stateMachineDeleting(machine.arn);
    if (parsed.qualifier === undefined) return { machine, revision: machine.revision };
    const alias = machine.aliases.get(parsed.qualifier);
    const versionArn = alias ? this.#routed(alias.routes) : arn;
    const version = machine.versions.find((each) => each.arn === versionArn);
    if (!version) throw stateMachineDoesNotExist(arn ?? '');
    return { machine, revision: version.revision, versionArn: version.arn, ...(alias ? { aliasArn: alias.arn } : {}) };
  }

  list(): StateMachine[] {
    return [...this.#byArn.values()].filter(({ deleting }) => !deleting);
  }

  #routed(routes: readonly { readonly versionArn: string; readonly weight: number }[]): string | undefined {
    let left = this.#rng.next() * 100;
    for (const { versionArn, weight } of routes) {
      if (left < weight) return versionArn;
      left -= weight;
    }
    return routes[0]?.versionArn;
  }
}

function same(found: StateMachine, type: StateMachineType, text: string, input: CreateStateMachineCommandInput): StateMachine {
  const { revision } = found;
  const { loggingConfiguration = noLogging, tracingConfiguration = noTracing } = input;
  // AWS compares name, definition, type, logging and tracing; role and tags of a repeated request are ignored, even where they differ.
  const settings = JSON.stringify([loggingConfiguration, tracingConfiguration]) === JSON.stringify([revision.logging, revision.tracing]);
  if (found.type === type && revision.text === text && settings) return found;
  throw stateMachineAlreadyExists(found.arn);
}

function checkedType(type: string | undefined): StateMachineType {
  if (type === undefined || type === 'STANDARD') return 'STANDARD';
  if (type === 'EXPRESS') return type;
  throw constraint(type, 'type', 'satisfy enum value set: [STANDARD, EXPRESS]');
}

function checkedRole(arn: string): string {
  if (/^arn:[^:]+:iam::\d*:role\/.+/.test(arn)) return arn;
  throw new AwsError('InvalidArn', `Invalid Role Arn: '${arn}'`);
}
