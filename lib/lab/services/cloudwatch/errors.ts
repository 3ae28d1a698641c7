import { AwsError } from '../../../core/errors.ts';

/** CloudWatch's errors by their codes on the wire; the SDK's clients make of them the names of the service model (`InvalidParameterValueException`). */
export const invalidValue = (message: string): AwsError => new AwsError('InvalidParameterValue', message);
export const invalidCombination = (message: string): AwsError => new AwsError('InvalidParameterCombination', message);
export const missingParameter = (message: string): AwsError => new AwsError('MissingParameter', message);
export const validationError = (message: string): AwsError => new AwsError('ValidationError', message);
export const invalidNextToken = (): AwsError => new AwsError('InvalidNextToken', 'The nextToken is invalid.');
export const notInLab = (what: string): AwsError => validationError(`${what} is not supported in the lab.`);

/** The value, or MissingParameter in CloudWatch's words when it is absent. */
export function required<Value>(value: Value | undefined, parameter: string): Value {
  if (value === undefined || value === '') throw missingParameter(`The parameter ${parameter} is required.`);
  return value;
}
