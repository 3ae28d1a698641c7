import type { DescribeParametersCommandInput, ParameterStringFilter } from '@aws-sdk/client-ssm';
import { AwsError } from '../../../core/errors.ts';
import { dateOf } from '../../../core/time-format.ts';
import { liesBelow } from '../../../models/ssm/parameter-store.ts';
import { pageOf } from '../paging.ts';
import { invalidNextToken } from './errors.ts';
import type { StoredParameter } from './parameters.ts';

/** DescribeParameters: what is stored about parameters, without their values. */
export function describeParameters(
  parameters: readonly StoredParameter[],
  input: DescribeParametersCommandInput,
  arnOf: (name: string) => string,
  pageSize: number,
): object {
  const old = (input.Filters ?? []).map((filter): ParameterStringFilter => ({ Key: filter.Key, Option: 'BeginsWith', Values: filter.Values }));
  const filters = [...(input.ParameterFilters ?? []), ...old];
  const matching = parameters.filter((parameter) => filters.every((filter) => passes(parameter, filter)));
  const page = pageOf(matching, input.NextToken, input.MaxResults ?? pageSize);
  if (!page) throw invalidNextToken();
  return { Parameters: page.items.map((parameter) => description(parameter, arnOf)), ...(page.next ? { NextToken: page.next } : {}) };
}

function passes(parameter: StoredParameter, filter: ParameterStringFilter): boolean {
  const { Key = '', Option = 'Equals', Values = [] } = filter;
  if (Key === 'Path') return Values.some((path) => liesBelow(parameter.name, path, Option === 'Recursive'));
  if (Key.startsWith('tag:')) {
    const value = parameter.tags.get(Key.slice('tag:'.length));
    return value !== undefined && (Values.length === 0 || Values.includes(value));
  }
  const text = { Name: parameter.name, Type: parameter.type, Tier: parameter.tier, DataType: parameter.dataType }[Key];
  if (text === undefined) throw new AwsError('InvalidFilterKey', `The filter key ${Key} is not valid.`);
  const compare = {
    Equals: (value: string) => text === value,
    BeginsWith: (value: string) => text.startsWith(value),
    Contains: (value: string) => text.includes(value),
  }[Option];
  if (!compare) throw new AwsError('InvalidFilterOption', `The filter option ${Option} is not valid.`);
  return Values.some(compare);
}

function description(parameter: StoredParameter, arnOf: (name: string) => string): object {
  const current = parameter.versions.at(-1);
  return {
    Name: parameter.name,
    ARN: arnOf(parameter.name),
    Type: parameter.type,
    Tier: parameter.tier,
    DataType: parameter.dataType,
    Description: parameter.description,
    AllowedPattern: parameter.allowedPattern,
    Version: current?.version,
    LastModifiedDate: dateOf(current?.atMs ?? 0),
    Policies: [],
  };
}
