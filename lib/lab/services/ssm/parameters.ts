import type {
  DeleteParametersCommandInput,
  GetParameterCommandInput,
  GetParametersByPathCommandInput,
  GetParametersCommandInput,
  Parameter,
  PutParameterCommandInput,
} from '@aws-sdk/client-ssm';
import { AwsError } from '../../../core/errors.ts';
import { dateOf } from '../../../core/time-format.ts';
import { checkParameterName, checkParameterValue, liesBelow, type ParameterLimits, parameterLimits } from '../../../models/ssm/parameter-store.ts';
import type { LabContext, Operation } from '../../contract.ts';
import { pageOf } from '../paging.ts';
import { invalidNextToken, notSupported, parameterNotFound, required, validation } from './errors.ts';
import { describeParameters } from './parameter-filters.ts';
import { publicParameters } from './public-parameters.ts';
import { type Tags, tagMap } from './tags.ts';

interface ParameterVersion {
  readonly version: number;
  readonly value: string;
  readonly atMs: number;
}

export interface StoredParameter {
  readonly name: string;
  readonly type: string;
  tier: string;
  dataType: string;
  description: string | undefined;
  allowedPattern: string | undefined;
  /** Ascending; the last one is current. */
  readonly versions: ParameterVersion[];
  readonly tags: Tags;
}

/** Parameter Store: plain hierarchical parameters with versions and tags; no KMS, so no SecureString. */
export interface ParameterStore {
  readonly operations: Readonly<Record<string, Operation>>;
  find(name: string): StoredParameter | undefined;
  put(input: PutParameterCommandInput): { Version: number; Tier: string };
  remove(name: string): void;
}

/** Most entries of one page, by operation (AWS's API model). */
const pageSize = { byPath: 10, described: 50, batch: 10 };

export function createParameterStore(context: LabContext): ParameterStore {
  const parameters = new Map<string, StoredParameter>();
  const limits = parameterLimits(context.quotas);
  const published = publicParameters(context.region);
  const arnOf = (name: string): string =>
    published.has(name)
      ? `arn:aws:ssm:${context.region}::parameter${name}`
      : context.arn('ssm', `parameter${name.startsWith('/') ? '' : '/'}${name}`);
  const nameOf = (nameOrArn: string): string => {
    const match = /^arn:[^:]+:ssm:[^:]*:[^:]*:parameter(\/.+)$/.exec(nameOrArn);
    if (!match?.[1]) return nameOrArn;
    return parameters.has(match[1]) || published.has(match[1]) ? match[1] : match[1].slice(1);
  };
  const find = (name: string): StoredParameter | undefined => parameters.get(nameOf(name)) ?? published.get(nameOf(name));
  const put = (input: PutParameterCommandInput) => putParameter(parameters, input, limits, context.clock.now());
  const remove = (name: string): void => {
    if (!parameters.delete(nameOf(name))) throw parameterNotFound(name);
  };
  const read = (nameAndVersion: string): Parameter => readParameter(find, nameAndVersion, arnOf);
  return {
    find,
    put,
    remove,
    operations: {
      PutParameter: { act: put },
      GetParameter: { act: (input: GetParameterCommandInput) => ({ Parameter: read(required(input.Name, 'name')) }) },
      GetParameters: { act: (input: GetParametersCommandInput) => readMany(input, read) },
      GetParametersByPath: { act: (input: GetParametersByPathCommandInput) => readByPath([...parameters.keys(), ...published.keys()], input, read) },
      DescribeParameters: { act: (input: never) => describeParameters([...parameters.values()], input, arnOf, pageSize.described) },
      DeleteParameter: {
        act: (input: { Name?: string }) => {
          remove(required(input.Name, 'name'));
          return {};
        },
      },
      DeleteParameters: { act: (input: DeleteParametersCommandInput) => deleteMany(parameters, input) },
      GetParameterHistory: { act: (input: GetParameterCommandInput) => history(find, required(input.Name, 'name')) },
    },
  };
}

function putParameter(parameters: Map<string, StoredParameter>, input: PutParameterCommandInput, limits: ParameterLimits, nowMs: number) {
  const name = required(input.Name, 'name');
  const value = required(input.Value, 'value');
  const known = parameters.get(name);
  const tier = input.Tier ?? known?.tier ?? 'Standard';
  checkParameterName(name, limits);
  refuseWhatTheLabLacks(input);
  if (known && !input.Overwrite)
    throw new AwsError(
      'ParameterAlreadyExists',
      'The parameter already exists. To overwrite this value, set the overwrite option in the request to true.',
    );
  if (input.Overwrite && (input.Tags ?? []).length > 0)
    throw validation("Invalid request: tags and overwrite can't be used together. To create a parameter with tags, please remove overwrite flag.");
  if (!known && input.Type === undefined) throw validation('A parameter type is required when you create a parameter.');
  if (known && input.Type !== undefined && input.Type !== known.type)
    throw new AwsError('HierarchyTypeMismatchException', `The parameter is of the type ${known.type}, which cannot be changed.`);
  checkParameterValue(value, Buffer.byteLength(value), tier, input.AllowedPattern ?? known?.allowedPattern, limits);
  if (!known && parameters.size >= limits.parameters)
    throw new AwsError('ParameterLimitExceeded', `An account can have at most ${limits.parameters} parameters in a Region.`);
  const parameter = known ?? newParameter(name, input, tier);
  Object.assign(parameter, {
    tier,
    description: input.Description ?? parameter.description,
    allowedPattern: input.AllowedPattern ?? parameter.allowedPattern,
  });
  const version = (parameter.versions.at(-1)?.version ?? 0) + 1;
  parameter.versions.push({ version, value, atMs: nowMs });
  if (parameter.versions.length > limits.versions) parameter.versions.shift();
  parameters.set(name, parameter);
  return { Version: version, Tier: tier };
}

function refuseWhatTheLabLacks(input: PutParameterCommandInput): void {
  if (input.Type === 'SecureString') throw new AwsError('UnsupportedParameterType', 'SecureString is not supported by the lab: it has no KMS.');
  if (input.Policies !== undefined) throw notSupported('Policies of a parameter');
  if (input.DataType !== undefined && input.DataType !== 'text') throw notSupported(`DataType ${input.DataType}`);
}

function newParameter(name: string, input: PutParameterCommandInput, tier: string): StoredParameter {
  return {
    name,
    type: input.Type ?? 'String',
    tier,
    dataType: 'text',
    description: input.Description,
    allowedPattern: input.AllowedPattern,
    versions: [],
    tags: tagMap(input.Tags),
  };
}

/** `name`, `name:version` or an ARN of either. */
function readParameter(find: ParameterStore['find'], nameAndVersion: string, arnOf: (name: string) => string): Parameter {
  const [, bare = '', selector] = /^(.+?)(?::([^:/]+))?$/.exec(nameAndVersion.startsWith('arn:') ? '' : nameAndVersion) ?? [];
  const parameter = find(bare || nameAndVersion);
  if (!parameter) throw parameterNotFound(nameAndVersion);
  const wanted = selector === undefined ? parameter.versions.at(-1) : parameter.versions.find((each) => String(each.version) === selector);
  if (!wanted)
    throw new AwsError(
      'ParameterVersionNotFound',
      `Systems Manager could not find version ${selector} of ${parameter.name}. Verify the version and try again.`,
    );
  return {
    Name: parameter.name,
    Type: parameter.type as NonNullable<Parameter['Type']>,
    Value: wanted.value,
    Version: wanted.version,
    LastModifiedDate: dateOf(wanted.atMs),
    ARN: arnOf(parameter.name),
    DataType: parameter.dataType,
    ...(selector === undefined ? {} : { Selector: `:${selector}` }),
  };
}

function readMany(input: GetParametersCommandInput, read: (name: string) => Parameter) {
  const names = required(input.Names, 'names');
  if (names.length > pageSize.batch) throw validation(`At most ${pageSize.batch} parameters can be read at once.`);
  const found: Parameter[] = [];
  const invalid: string[] = [];
  for (const name of names) {
    try {
      found.push(read(name));
    } catch {
      invalid.push(name);
    }
  }
  return { Parameters: found, InvalidParameters: invalid };
}

function readByPath(all: readonly string[], input: GetParametersByPathCommandInput, read: (name: string) => Parameter) {
  const path = required(input.Path, 'path');
  if (!path.startsWith('/')) throw validation(`The parameter path ${path} must begin with /.`);
  if (input.ParameterFilters?.length) throw notSupported('ParameterFilters of GetParametersByPath');
  const size = input.MaxResults ?? pageSize.byPath;
  if (size < 1 || size > pageSize.byPath) throw validation(`MaxResults must be from 1 to ${pageSize.byPath}.`);
  const names = all.filter((name) => liesBelow(name, path, input.Recursive ?? false)).sort();
  const page = pageOf(names, input.NextToken, size);
  if (!page) throw invalidNextToken();
  return { Parameters: page.items.map(read), ...(page.next ? { NextToken: page.next } : {}) };
}

function deleteMany(parameters: Map<string, StoredParameter>, input: DeleteParametersCommandInput) {
  const names = required(input.Names, 'names');
  if (names.length > pageSize.batch) throw validation(`At most ${pageSize.batch} parameters can be deleted at once.`);
  const deleted = names.filter((name) => parameters.delete(name));
  return { DeletedParameters: deleted, InvalidParameters: names.filter((name) => !deleted.includes(name)) };
}

function history(find: ParameterStore['find'], name: string) {
  const parameter = find(name);
  if (!parameter) throw parameterNotFound(name);
  const Parameters = parameter.versions.map(({ version, value, atMs }) => ({
    Name: parameter.name,
    Type: parameter.type,
    Value: value,
    Version: version,
    LastModifiedDate: dateOf(atMs),
    Tier: parameter.tier,
    DataType: parameter.dataType,
    Labels: [],
  }));
  return { Parameters };
}
