import type { LoggingConfiguration, TracingConfiguration } from '@aws-sdk/client-sfn';
import type { Definition } from '../../../models/states/definition.ts';
import type { StateMachineType } from '../../../models/states/types.ts';

/** What an update replaces: what new executions run with. */
export interface Revision {
  /** Undefined for the revision that CreateStateMachine made. */
  readonly id: string | undefined;
  readonly text: string;
  readonly definition: Definition;
  readonly roleArn: string;
  readonly logging: LoggingConfiguration;
  readonly tracing: TracingConfiguration;
  readonly atMs: number;
}

/** A published version: a revision that does not change any more. */
export interface Version {
  readonly number: number;
  readonly arn: string;
  readonly description: string | undefined;
  readonly createdMs: number;
  readonly revision: Revision;
}

export interface Route {
  readonly versionArn: string;
  readonly weight: number;
}

export interface Alias {
  readonly name: string;
  readonly arn: string;
  readonly createdMs: number;
  description: string | undefined;
  routes: readonly Route[];
  updatedMs: number;
}

export interface StateMachine {
  readonly name: string;
  readonly arn: string;
  readonly type: StateMachineType;
  readonly createdMs: number;
  readonly tags: Map<string, string>;
  readonly versions: Version[];
  readonly aliases: Map<string, Alias>;
  /** Of what a Map Run starts: the state machine with the Map state. */
  readonly root?: StateMachine;
  revision: Revision;
  nextVersion: number;
  /** DeleteStateMachine was called while executions were open: they end at their next transition. */
  deleting: boolean;
}

/** The name under which the use of a state machine, and of what its Map Runs start, is metered. */
export function meteredName({ name, root }: StateMachine): string {
  return root?.name ?? name;
}

/** What StartExecution starts: a revision, with the version and the alias that led to it. */
export interface Startable {
  readonly machine: StateMachine;
  readonly revision: Revision;
  readonly versionArn?: string;
  readonly aliasArn?: string;
}
