import { NormalizedSchema } from '@smithy/core/schema';

/** Method, path template and status of an operation of a REST service. */
export type HttpTrait = readonly [method: string, path: string, status: number];

export interface OperationSchema {
  readonly name: string;
  readonly http: HttpTrait | undefined;
  readonly input: NormalizedSchema;
  readonly output: NormalizedSchema;
}

/** The shapes of one service's operations and errors, as its SDK client exports them (`GetItem$`, `ResourceNotFoundException$`). */
export class ServiceSchemas {
  readonly #exported: Readonly<Record<string, unknown>>;
  readonly #operations = new Map<string, OperationSchema | undefined>();

  constructor(exported: Readonly<Record<string, unknown>>) {
    this.#exported = exported;
  }

  /** Undefined when AWS has no such operation (in the version of the client that is installed). */
  operation(name: string): OperationSchema | undefined {
    if (!this.#operations.has(name)) this.#operations.set(name, operationOf(this.#exported[`${name}$`]));
    return this.#operations.get(name);
  }

  /** Every operation that the service has. */
  operations(): OperationSchema[] {
    return Object.values(this.#exported)
      .map(operationOf)
      .filter((each) => each !== undefined);
  }

  error(name: string): NormalizedSchema | undefined {
    const schema = this.#exported[`${name}$`];
    return Array.isArray(schema) && schema[0] === staticError ? NormalizedSchema.of(schema as never) : undefined;
  }

  /** What an error was called in awsQuery, where its service once spoke that; else its name. */
  queryErrorCode(name: string): string {
    const traits = this.error(name)?.getMergedTraits() as { awsQueryError?: readonly [string, number] } | undefined;
    return traits?.awsQueryError?.[0] ?? name;
  }
}

/** First element of the SDK's static schemas: what kind of shape follows. */
const staticOperation = 9;
const staticError = -3;

function operationOf(schema: unknown): OperationSchema | undefined {
  if (!Array.isArray(schema) || schema[0] !== staticOperation) return undefined;
  const [, , name, traits, input, output] = schema as [number, string, string, { http?: HttpTrait } | 0, never, never];
  return { name, http: traits ? traits.http : undefined, input: NormalizedSchema.of(input), output: NormalizedSchema.of(output) };
}
