import { relative } from 'node:path';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { SFNClient } from '@aws-sdk/client-sfn';
import { ProofloadError } from '../core/errors.ts';
import { loadModule } from './compile.ts';

/** What a check of an invariant, and `quiet`, may look at: the system's own data, through AWS SDK clients of the site. */
export interface InvariantContext {
  readonly dynamodb: DynamoDBClient;
  readonly sfn: SFNClient;
  /** Physical name of a resource of the system (the ARN of a state machine), by its logical id. */
  resolve(logicalId: string): string;
  /** When the run started, in the site's time: what is older belongs to earlier runs. */
  readonly startedMs: number;
}

/** What a check found. */
export interface InvariantResult {
  /** How many things (orders, payments) it looked at. */
  readonly checked: number;
  /** Those of them that do not hold, each by the id under which the system knows it. */
  readonly violations: readonly { readonly id: string; readonly detail: string }[];
}

/** A statement about the system's own data that must hold after the run. */
export interface Invariant {
  readonly name: string;
  /** What must hold, in a sentence. */
  readonly holds: string;
  check(context: InvariantContext): Promise<InvariantResult>;
}

/** True when the system has nothing open any more: no execution running, no message on its way. */
export type Quiet = (context: InvariantContext) => Promise<boolean>;

/** What a module of invariants exports, checked. */
export interface InvariantModule {
  readonly invariants: readonly Invariant[];
  readonly quiet?: Quiet;
}

/**
 * Loads a module of invariants.
 * @throws ProofloadError `bad-invariants` for what it does not export, `cannot-load` with the module's own message
 */
export async function loadInvariants(file: string, cwd: string): Promise<InvariantModule> {
  const { invariants, quiet } = await loadModule(file, cwd);
  const refuse = (what: string): never => {
    throw new ProofloadError('bad-invariants', `${relative(cwd, file)}: ${what}`, {
      hint: 'see docs/adding-a-scenario.md for what a module of invariants exports',
    });
  };
  if (!Array.isArray(invariants) || invariants.length === 0) return refuse('exports no list `invariants` of at least one invariant');
  const names = new Set<string>();
  for (const [index, each] of (invariants as Partial<Invariant>[]).entries()) {
    const { name, holds, check } = each ?? {};
    if (typeof name !== 'string' || name === '') return refuse(`invariants[${index}] has no name`);
    if (typeof holds !== 'string' || holds === '') return refuse(`invariant ${name} does not say what holds`);
    if (typeof check !== 'function') return refuse(`invariant ${name} has no function check`);
    if (names.has(name)) return refuse(`two invariants have the same name, ${name}`);
    names.add(name);
  }
  if (quiet !== undefined && typeof quiet !== 'function') return refuse('quiet is not a function');
  return { invariants: invariants as Invariant[], ...(quiet === undefined ? {} : { quiet: quiet as Quiet }) };
}
