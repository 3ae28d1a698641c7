import type { Dimension } from '@aws-sdk/client-cloudwatch';
import type { Dimensions } from '../../contract.ts';
import { invalidValue, missingParameter } from './errors.ts';

/** The SDK's list of dimensions as a record, validated; `where` is the parameter's name in AWS's messages. */
export function dimensionsOf(list: readonly Dimension[] | undefined, where: string, atMost: number): Dimensions {
  if ((list?.length ?? 0) > atMost) throw invalidValue(`The collection ${where} must not have a size greater than ${atMost}.`);
  const dimensions: Record<string, string> = {};
  for (const [index, { Name: name, Value: value }] of (list ?? []).entries()) {
    const member = `${where}.member.${index + 1}`;
    if (!name) throw missingParameter(`The parameter ${member}.Name is required.`);
    if (!value) throw missingParameter(`The parameter ${member}.Value is required.`);
    if (Object.hasOwn(dimensions, name)) throw invalidValue(`The dimension ${name} is given twice in ${where}.`);
    dimensions[name] = value;
  }
  return dimensions;
}

/** The record as the SDK's list, by name. */
export function dimensionList(dimensions: Dimensions): { Name: string; Value: string }[] {
  return Object.entries(dimensions)
    .map(([Name, Value]) => ({ Name, Value }))
    .sort((a, b) => (a.Name < b.Name ? -1 : 1));
}
