import { createRequire } from 'node:module';
import { AwsError } from '../../../core/errors.ts';
import { type Parser, rememberExpressions } from './expression-cache.ts';
import { SortedStore } from './sorted-store.ts';
import { type IndexKind, Tally } from './tally.ts';

/** The operations that dynalite has: each a module of validations and one that acts. */
const dynaliteOperations = [
  'BatchGetItem',
  'BatchWriteItem',
  'CreateTable',
  'DeleteItem',
  'DeleteTable',
  'DescribeTable',
  'GetItem',
  'ListTables',
  'ListTagsOfResource',
  'PutItem',
  'Query',
  'Scan',
  'TagResource',
  'UntagResource',
  'UpdateItem',
  'UpdateTable',
] as const;

export type DynaliteOperation = (typeof dynaliteOperations)[number];

/** Inputs and outputs as they travel in JSON. */
export type Json = Record<string, unknown>;

/** What dynalite throws and passes on for everything that AWS would refuse. */
interface DynaliteError extends Error {
  readonly statusCode?: number;
  readonly body?: { readonly __type: string; readonly message?: string; readonly Message?: string };
}

interface Validations {
  checkTypes(data: Json, types: object): Json;
  checkValidations(data: Json, types: object, custom: unknown, store: DynaliteStore): void;
}

interface KeyFunctions {
  validateKey(key: Json, table: Json): Error | undefined;
  createKey(key: Json, table: Json): string;
}

type Done<T> = (error?: DynaliteError | null, value?: T) => void;
type Action = (store: DynaliteStore, data: Json, done: Done<Json>) => void;

/** What dynalite's actions use of its store; they get ours, which is in memory, in order, and answers at once. */
interface DynaliteStore {
  readonly options: { readonly createTableMs: number; readonly updateTableMs: number; readonly deleteTableMs: number; readonly maxItemSize: number };
  readonly tableDb: SortedStore & { awsAccountId: string; awsRegion: string };
  getItemDb(table: string): SortedStore;
  getIndexDb(kind: string, table: string, index: string): SortedStore;
  getTagDb(table: string): SortedStore;
  deleteItemDb(table: string, done: Done<void>): void;
  deleteIndexDb(kind: string, table: string, index: string, done: Done<void>): void;
  deleteTagDb(table: string, done: Done<void>): void;
  getTable(name: string, checkStatus: boolean | Done<Json>, done?: Done<Json>): void;
}

export interface DynaliteOptions {
  readonly account: string;
  readonly region: string;
  readonly maxItemBytes: number;
}

/** An input that passed validation, with what will act on it. */
export interface Validated {
  readonly action: Action;
  readonly data: Json;
}

interface RunOptions {
  readonly hold?: boolean;
  readonly failed?: ((error: unknown, tally: Tally) => void) | undefined;
}

/** What an operation did: its output, or its promise, and what it read and wrote once that is there. */
export interface Executed {
  readonly output: Json | Promise<Json>;
  readonly tally: Tally;
}

const require = createRequire(import.meta.url);
for (const name of ['condition', 'projection', 'update']) rememberExpressions(require(`dynalite/db/${name}Parser`) as Parser);

/** The semantics of DynamoDB's operations by dynalite: its validations and actions, without its server and its database. */
export class Dynalite {
  readonly #validations = require('dynalite/validations') as Validations;
  readonly #db = require('dynalite/db') as KeyFunctions;
  readonly #operations = new Map(dynaliteOperations.map((name) => [name, load(name)] as const));
  readonly #stores = new Map<string, SortedStore>();
  readonly #store: DynaliteStore;
  /** Of the operation that runs now; operations read and write before they first give way. */
  #tally: Tally | undefined;

  constructor(options: DynaliteOptions) {
    this.#store = this.#createStore(options);
  }

  /**
   * Validates `input` and runs the operation. The output is there at once, except where dynalite reads a stream (Query, Scan, lists).
   * Throws (or rejects with) AwsError for what AWS refuses; `failed` is told so, with what was read and written until then.
   * `hold` keeps the writes back until the tally's `commit`, which must come in the same turn.
   */
  run(operation: DynaliteOperation, input: Json, options?: RunOptions): Executed {
    return this.act(this.validated(operation, input), options);
  }

  /** The first half of `run`: throws AWS's error for an input that is wrong whatever the tables hold. To be acted on once. */
  validated(operation: DynaliteOperation, input: Json): Validated {
    const { action, types, custom } = this.#operations.get(operation) as Loaded;
    return refusing(() => {
      const data = this.#checked(input, types, custom);
      // Capacity is counted by the lab, for every call and with AWS's rounding.
      delete data['ReturnConsumedCapacity'];
      return { action, data };
    }, undefined);
  }

  #checked(input: Json, types: object, custom: unknown): Json {
    try {
      const data = this.#validations.checkTypes(input, types);
      this.#validations.checkValidations(data, types, custom, this.#store);
      return data;
    } catch (thrown) {
      // Its validations stumble over nulls inside lists and maps, which no SDK sends and AWS refuses.
      if (thrown instanceof TypeError) throw new AwsError('SerializationException', 'Unexpected value type in payload');
      throw thrown;
    }
  }

  /** The second half of `run`. */
  act({ action, data }: Validated, { hold = false, failed }: RunOptions = {}): Executed {
    const tally = new Tally(hold);
    const output = refusing(
      () => {
        this.#tally = tally;
        try {
          return act(action, this.#store, data);
        } finally {
          this.#tally = undefined;
        }
      },
      failed && ((error) => failed(error, tally)),
    );
    return { output, tally };
  }

  /** The description of a table that exists, whatever its state; dynalite's own object, so that the lab can complete it. */
  table(name: string): Json | undefined {
    let found: Json | undefined;
    this.#store.tableDb.get(name, (_error, table) => {
      found = table as Json | undefined;
    });
    return found;
  }

  /** The key of an item as one text, equal for equal keys; undefined when it does not fit the table's schema. */
  keyText(table: string, key: Json): string | undefined {
    const description = this.table(table);
    if (!description || typeof key !== 'object' || key === null || this.#db.validateKey(key, description)) return undefined;
    return this.#db.createKey(key, description);
  }

  /** Number and size of a table's items, or of an index's entries. */
  size(table: string, index?: { readonly kind: 'local' | 'global'; readonly name: string }): { count: number; bytes: number } {
    const { count, bytes } = index ? this.#store.getIndexDb(index.kind, table, index.name) : this.#store.getItemDb(table);
    return { count, bytes };
  }

  #createStore({ account, region, maxItemBytes }: DynaliteOptions): DynaliteStore {
    const named = (name: string, create: () => SortedStore): SortedStore => {
      let store = this.#stores.get(name);
      if (!store) {
        store = create();
        this.#stores.set(name, store);
      }
      return store;
    };
    const tally = (): Tally | undefined => this.#tally;
    const drop = (name: string, done: Done<void>): void => {
      this.#stores.delete(name);
      done(null);
    };
    const indexName = (kind: string, table: string, index: string): string => `${kind.toLowerCase()} ${table} ${index}`;
    const tableDb = Object.assign(new SortedStore(tally), { awsAccountId: account, awsRegion: region });
    return {
      options: { createTableMs: 0, updateTableMs: 0, deleteTableMs: 0, maxItemSize: maxItemBytes },
      tableDb,
      getItemDb: (table) => named(`item ${table}`, () => new SortedStore(tally, { table })),
      getIndexDb: (kind, table, index) =>
        named(indexName(kind, table, index), () => new SortedStore(tally, { table, index: { name: index, kind: kind.toLowerCase() as IndexKind } })),
      getTagDb: (table) => named(`tag ${table}`, () => new SortedStore(tally)),
      deleteItemDb: (table, done) => drop(`item ${table}`, done),
      deleteIndexDb: (kind, table, index, done) => drop(indexName(kind, table, index), done),
      deleteTagDb: (table, done) => drop(`tag ${table}`, done),
      getTable: (name, checkStatus, done) => findTable(tableDb, name, checkStatus, done),
    };
  }
}

interface Loaded {
  readonly action: Action;
  readonly types: object;
  readonly custom: unknown;
}

/** Runs what dynalite may refuse, and throws (or rejects with) the refusal as AWS's error; `failed` is told so. */
function refusing<T>(run: () => T, failed: ((error: unknown) => void) | undefined): T {
  const refuse = (thrown: unknown): never => {
    const error = awsErrorOf(thrown);
    failed?.(error);
    throw error;
  };
  try {
    const result = run();
    return result instanceof Promise ? (result.catch(refuse) as T) : result;
  } catch (thrown) {
    return refuse(thrown);
  }
}

function load(operation: DynaliteOperation): Loaded {
  const file = operation.charAt(0).toLowerCase() + operation.slice(1);
  const { types, custom } = require(`dynalite/validations/${file}`) as { types: object; custom?: unknown };
  return { action: require(`dynalite/actions/${file}`) as Action, types, custom };
}

function act(action: Action, store: DynaliteStore, data: Json): Json | Promise<Json> {
  let ended: { error: DynaliteError | null | undefined; value: Json | undefined } | undefined;
  let later: ((error: DynaliteError | null | undefined, value: Json | undefined) => void) | undefined;
  action(store, data, (error, value) => {
    if (later) later(error, value);
    else ended = { error, value };
  });
  if (ended) {
    if (ended.error) throw ended.error;
    return ended.value ?? {};
  }
  return new Promise((resolve, reject) => {
    later = (error, value) => (error ? reject(error) : resolve(value ?? {}));
  });
}

/** dynalite asks with two or three arguments; with two, it wants a table that can be used. */
function findTable(tableDb: SortedStore, name: string, checkStatus: boolean | Done<Json>, done?: Done<Json>): void {
  const strict = checkStatus !== false;
  const callback = typeof checkStatus === 'function' ? checkStatus : (done as Done<Json>);
  tableDb.get(name, (_error, value) => {
    const table = value as Json | undefined;
    const usable = table && !(strict && (table['TableStatus'] === 'CREATING' || table['TableStatus'] === 'DELETING'));
    if (usable) callback(null, table);
    else callback(noTable(strict ? 'Requested resource not found' : `Requested resource not found: Table: ${name} not found`));
  });
}

function noTable(message: string): DynaliteError {
  const body = { __type: 'com.amazonaws.dynamodb.v20120810#ResourceNotFoundException', message };
  return Object.assign(new Error(message), { name: 'NotFoundError', statusCode: 400, body });
}

function awsErrorOf(thrown: unknown): unknown {
  const { statusCode, body } = thrown as DynaliteError;
  if (statusCode === undefined || body === undefined) return thrown;
  return new AwsError(body.__type.slice(body.__type.indexOf('#') + 1), body.message ?? body.Message ?? '', statusCode);
}
