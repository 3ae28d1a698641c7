import { AwsError } from '../../../core/errors.ts';

/** SSM's errors, by the names of its service model. */
export const parameterNotFound = (name: string): AwsError => new AwsError('ParameterNotFound', `Parameter ${name} not found.`);
export const invalidDocument = (name: string): AwsError => new AwsError('InvalidDocument', `Document with name ${name} does not exist.`);
export const validation = (message: string): AwsError => new AwsError('ValidationException', message);
export const invalidNextToken = (): AwsError => new AwsError('InvalidNextToken', 'The specified token is invalid.');
export const notSupported = (what: string): AwsError => validation(`${what} is not supported by the lab.`);

/** The value, or SSM's refusal of a member that must be there. */
export function required<Value>(value: Value | undefined, member: string): Value {
  if (value !== undefined && value !== null) return value;
  throw validation(`1 validation error detected: Value null at '${member}' failed to satisfy constraint: Member must not be null`);
}
