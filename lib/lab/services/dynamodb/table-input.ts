import { AwsError } from '../../../core/errors.ts';
import type { Json } from './dynalite.ts';
import type { ExtraSettings } from './table-settings.ts';

/** Members of the inputs of table operations that the lab looks at; dynalite checks the rest. */
export interface TableInput extends Json, ExtraSettings {
  readonly TableName: string;
  readonly BillingMode?: string;
  readonly DeletionProtectionEnabled?: boolean;
  readonly StreamSpecification?: { readonly StreamEnabled?: boolean };
  readonly Tags?: readonly Json[];
  readonly GlobalSecondaryIndexes?: readonly Json[];
  readonly GlobalSecondaryIndexUpdates?: readonly Json[];
}

/** A list of objects as it is; none where it has a form that dynalite refuses. */
export function listOf(value: unknown): readonly Json[] {
  return Array.isArray(value) && value.every((each) => typeof each === 'object' && each !== null) ? value : [];
}

/** Inputs name a table by its name or its ARN; dynalite knows names. */
export function named(input: TableInput): Json {
  const { TableName: name } = input;
  return typeof name === 'string' ? { ...input, TableName: name.slice(name.lastIndexOf('/') + 1) } : input;
}

export function refuseStream({ StreamSpecification }: TableInput): void {
  if (StreamSpecification?.StreamEnabled) throw unsupported('turn on a stream');
}

export function unsupported(what: string): AwsError {
  return new AwsError('ValidationException', `The lab cannot ${what}.`);
}
