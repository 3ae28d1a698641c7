import type { AwsClients } from '../core/aws-clients.ts';
import type { Clock } from '../core/clock.ts';
import type { JournalEvent } from '../record/types.ts';

/** What a fault's experiment template says of itself by its tags; see docs/adding-a-fault.md. */
export interface DeployedFault {
  readonly name: string;
  /** FIS's id of the experiment template. */
  readonly templateId: string;
  readonly stack: string;
  /** Which setting of which resource it changes, and to what. */
  readonly setting: string;
  readonly resource: string;
  readonly set: string;
  /** SSM parameter that tells the fault's document under which run it runs; undefined for a fault that has no document. */
  readonly pointer: string | undefined;
  /** The metric that proves its effect, where it is not the setting's; see probe.ts. */
  readonly probe?: string;
  /** Action ids of the experiment, by name. */
  readonly actions: Readonly<Record<string, string>>;
  readonly description: string;
}

/** What must be known to put a setting back; kept on the site as the JSON text of an SSM parameter. */
export interface UndoEntry {
  readonly runId: string;
  /** Name of the SSM parameter. */
  readonly place: string;
  readonly fault: string;
  readonly setting: string;
  readonly resource: string;
  /** The value before the fault; `absent` is a value of its own. */
  readonly found: string;
  readonly set: string;
}

export interface UndoOutcome {
  readonly runId: string;
  readonly fault: string;
  readonly resource: string;
  readonly outcome: 'restored' | 'already-restored' | 'changed-by-other' | 'failed';
  readonly detail: string;
  /** What a person would run, where something is left. */
  readonly command?: string;
}

/** What chaos needs of a run. */
export interface ChaosContext {
  readonly clients: AwsClients;
  /** The site's time. */
  readonly clock: Clock;
  readonly runId: string;
  readonly journal: (event: JournalEvent) => void;
}

/** A metric that proves, apart from any objective, that a fault took effect. */
interface ProbeDefinition {
  readonly name: string;
  readonly namespace: string;
  readonly metric: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly statistic: string;
  /** Observed when the statistic is above this in the effect's window. */
  readonly above: number;
}

/** A setting of a resource that faults change and undo restores; one file each. */
export interface RestorableSetting {
  /** Value of the tag `proofload:setting`. */
  readonly name: string;
  /** The value now; `absent` where there is none. */
  read(clients: AwsClients, resource: string): Promise<string>;
  /** Puts `value` back. */
  write(clients: AwsClients, resource: string, value: string): Promise<void>;
  /** The AWS CLI command that does the same. */
  command(resource: string, value: string): string;
  /** For a setting that is none: why nothing has to be put back. */
  readonly nothingToRestore?: string;
  /** The metric that proves a change; absent where none does, and each fault names its own. */
  readonly probe?: (resource: string) => ProbeDefinition;
}
