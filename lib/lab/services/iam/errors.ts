import { AwsError } from '../../../core/errors.ts';

/** IAM's errors, by the names of its service model and in AWS's words. */
export const noSuchRole = (name: string): AwsError => new AwsError('NoSuchEntity', `The role with name ${name} cannot be found.`, 404);
export const noSuchPolicy = (arn: string): AwsError => new AwsError('NoSuchEntity', `Policy ${arn} does not exist or is not attachable.`, 404);
export const notAttached = (arn: string): AwsError => new AwsError('NoSuchEntity', `Policy ${arn} was not found.`, 404);
export const noSuchRolePolicy = (name: string): AwsError => new AwsError('NoSuchEntity', `The role policy with name ${name} cannot be found.`, 404);
export const roleExists = (name: string): AwsError => new AwsError('EntityAlreadyExists', `Role with name ${name} already exists.`, 409);
export const policyExists = (name: string): AwsError =>
  new AwsError('EntityAlreadyExists', `A policy called ${name} already exists. Duplicate names are not allowed.`, 409);
export const deleteConflict = (what: string): AwsError => new AwsError('DeleteConflict', `Cannot delete entity, must ${what} first.`, 409);
const malformedPolicy = (): AwsError => new AwsError('MalformedPolicyDocument', 'This policy contains invalid Json');
export const invalidMarker = (): AwsError => new AwsError('ValidationError', 'Invalid Marker.');

/** A text that must be there; ValidationError names it as AWS does. */
export function required(value: string | undefined, member: string): string {
  if (value !== undefined && value !== '') return value;
  throw new AwsError(
    'ValidationError',
    `1 validation error detected: Value null at '${member}' failed to satisfy constraint: Member must not be null`,
  );
}

/** A policy document: JSON, as it was given. */
export function checkedDocument(text: string | undefined, member: string): string {
  const document = required(text, member);
  try {
    JSON.parse(document);
  } catch {
    throw malformedPolicy();
  }
  return document;
}
