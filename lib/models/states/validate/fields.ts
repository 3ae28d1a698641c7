import type { StateMachineType } from '../types.ts';

export type QueryLanguage = 'JSONPath' | 'JSONata';

/** How the value of a field is checked. */
export type FieldKind =
  | {
      readonly kind:
        | 'text'
        | 'boolean'
        | 'object'
        | 'any'
        | 'path'
        | 'one-path'
        | 'result-path'
        | 'reference'
        | 'template'
        | 'variables'
        | 'timestamp'
        | 'percentage'
        | 's3'
        | 'own';
    }
  | { readonly kind: 'integer'; readonly least: number; readonly most: number };

interface Field {
  readonly check: FieldKind;
  /** The query language that the field belongs to, where it does not belong to both. */
  readonly only?: QueryLanguage;
}

const unlimited = Number.MAX_SAFE_INTEGER;
const seconds = (least: number): FieldKind => ({ kind: 'integer', least, most: 99_999_999 });
const path: Field = { check: { kind: 'path' }, only: 'JSONPath' };
const own: Field = { check: { kind: 'own' } };
/** Known to AWS, refused here by name. */
const s3: Field = { check: { kind: 's3' } };

/** Every field of a state. `own` fields are checked by the rules of their type of state. */
export const fields: Readonly<Record<string, Field>> = {
  ...{ Type: own, QueryLanguage: own, Comment: { check: { kind: 'text' } } },
  ...{ Next: { check: { kind: 'text' } }, End: { check: { kind: 'boolean' } }, Default: { check: { kind: 'text' } } },
  ...{
    InputPath: path,
    OutputPath: path,
    ItemsPath: { check: { kind: 'one-path' }, only: 'JSONPath' },
    ResultPath: { check: { kind: 'result-path' }, only: 'JSONPath' },
  },
  Parameters: { check: { kind: 'template' }, only: 'JSONPath' },
  ResultSelector: { check: { kind: 'template' }, only: 'JSONPath' },
  ...{
    Result: { check: { kind: 'any' }, only: 'JSONPath' },
    ItemSelector: { check: { kind: 'template' } },
    Assign: { check: { kind: 'variables' } },
  },
  Arguments: { check: { kind: 'template' }, only: 'JSONata' },
  Output: { check: { kind: 'template' }, only: 'JSONata' },
  Items: { check: { kind: 'template' }, only: 'JSONata' },
  ...{ Resource: own, Retry: own, Catch: own, Choices: own, Branches: own, ItemProcessor: own, Iterator: own, Credentials: own },
  ...{ TimeoutSeconds: { check: seconds(1) }, TimeoutSecondsPath: path, HeartbeatSeconds: { check: seconds(1) }, HeartbeatSecondsPath: path },
  ...{ Seconds: { check: seconds(0) }, SecondsPath: path, Timestamp: { check: { kind: 'timestamp' } }, TimestampPath: path },
  ...{ Error: { check: { kind: 'text' } }, Cause: { check: { kind: 'text' } } },
  ErrorPath: { check: { kind: 'reference' }, only: 'JSONPath' },
  CausePath: { check: { kind: 'reference' }, only: 'JSONPath' },
  ...{ MaxConcurrency: { check: { kind: 'integer', least: 0, most: unlimited } }, MaxConcurrencyPath: path },
  ...{ ItemReader: s3, ItemBatcher: own, ResultWriter: s3, Label: { check: { kind: 'text' } } },
  ...{ ToleratedFailureCount: { check: { kind: 'integer', least: 0, most: unlimited } }, ToleratedFailureCountPath: path },
  ...{ ToleratedFailurePercentage: { check: { kind: 'percentage' } }, ToleratedFailurePercentagePath: path },
};

const everywhere = ['Type', 'Comment', 'QueryLanguage'];
const leaving = ['Assign', 'Output', 'InputPath', 'OutputPath', 'Next', 'End'];
const guarded = [...leaving, 'ResultPath', 'Parameters', 'ResultSelector', 'Retry', 'Catch'];
/** Fields of Distributed Map. */
export const distributedFields: readonly string[] = [
  ...['ItemReader', 'ItemBatcher', 'ResultWriter', 'Label', 'ToleratedFailureCount', 'ToleratedFailureCountPath'],
  ...['ToleratedFailurePercentage', 'ToleratedFailurePercentagePath'],
];

/** The fields that each type of state may have (measured on AWS with ValidateStateMachineDefinition; docs/models/states.md). */
export const allowedFields: Readonly<Record<string, ReadonlySet<string>>> = {
  Task: new Set([
    ...[...everywhere, ...guarded, 'Arguments', 'Resource', 'Credentials'],
    ...['TimeoutSeconds', 'TimeoutSecondsPath', 'HeartbeatSeconds', 'HeartbeatSecondsPath'],
  ]),
  Wait: new Set([...everywhere, ...leaving, 'Seconds', 'Timestamp', 'SecondsPath', 'TimestampPath']),
  Pass: new Set([...everywhere, ...leaving, 'Result', 'ResultPath', 'Parameters']),
  Succeed: new Set([...everywhere, 'InputPath', 'OutputPath', 'Output']),
  Fail: new Set([...everywhere, 'Error', 'Cause', 'ErrorPath', 'CausePath']),
  Choice: new Set([...everywhere, 'InputPath', 'OutputPath', 'Output', 'Assign', 'Choices', 'Default']),
  Parallel: new Set([...everywhere, ...guarded, 'Arguments', 'Branches']),
  Map: new Set([
    ...[...everywhere, ...guarded, ...distributedFields, 'ItemProcessor', 'Iterator', 'ItemsPath', 'Items', 'ItemSelector'],
    ...['MaxConcurrency', 'MaxConcurrencyPath'],
  ]),
};

/** Fields that each type of state must have. */
export const requiredFields: Readonly<Record<string, readonly string[]>> = { Task: ['Resource'], Choice: ['Choices'], Parallel: ['Branches'] };

/** Fields of which a state of the type has exactly one, or (`optional`) at most one. */
export const exclusiveFields: Readonly<Record<string, readonly { readonly names: readonly string[]; readonly optional?: true }[]>> = {
  Task: [
    { names: ['Next', 'End'] },
    { names: ['TimeoutSeconds', 'TimeoutSecondsPath'], optional: true },
    { names: ['HeartbeatSeconds', 'HeartbeatSecondsPath'], optional: true },
  ],
  Pass: [{ names: ['Next', 'End'] }],
  Wait: [{ names: ['Next', 'End'] }, { names: ['SecondsPath', 'Seconds', 'TimestampPath', 'Timestamp'] }],
  Fail: [
    { names: ['Error', 'ErrorPath'], optional: true },
    { names: ['Cause', 'CausePath'], optional: true },
  ],
  Parallel: [{ names: ['Next', 'End'] }],
  Map: [
    { names: ['Next', 'End'] },
    { names: ['ItemProcessor', 'Iterator'] },
    { names: ['MaxConcurrency', 'MaxConcurrencyPath'], optional: true },
    { names: ['ToleratedFailureCount', 'ToleratedFailureCountPath'], optional: true },
    { names: ['ToleratedFailurePercentage', 'ToleratedFailurePercentagePath'], optional: true },
  ],
};

/** What a check of a state is told about where it stands. */
export interface StatePlace {
  readonly at: string;
  readonly language: QueryLanguage;
  readonly machineLanguage: QueryLanguage;
  readonly machineType: StateMachineType;
}
