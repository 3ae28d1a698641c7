import { AwsError } from '../../../core/errors.ts';

/** Step Functions' errors, by the names of its service model and in AWS's words. */
export const stateMachineDoesNotExist = (arn: string): AwsError => new AwsError('StateMachineDoesNotExist', `State Machine Does Not Exist: '${arn}'`);
export const stateMachineAlreadyExists = (arn: string): AwsError =>
  new AwsError('StateMachineAlreadyExists', `State Machine Already Exists: '${arn}'`);
export const stateMachineDeleting = (arn: string): AwsError => new AwsError('StateMachineDeleting', `State Machine is being deleted: '${arn}'`);
export const executionDoesNotExist = (arn: string): AwsError => new AwsError('ExecutionDoesNotExist', `Execution Does Not Exist: '${arn}'`);
export const executionAlreadyExists = (arn: string): AwsError => new AwsError('ExecutionAlreadyExists', `Execution Already Exists: '${arn}'`);
export const invalidExecutionInput = (why: string): AwsError =>
  new AwsError('InvalidExecutionInput', `Invalid State Machine Execution Input: '${why}'`);
export const invalidArn = (why: string): AwsError => new AwsError('InvalidArn', `Invalid Arn: '${why}'`);
export const invalidName = (name: string): AwsError => new AwsError('InvalidName', `Invalid Name: '${name}'`);
export const invalidToken = (): AwsError => new AwsError('InvalidToken', "Invalid Token: 'Invalid token'");
export const resourceNotFound = (arn: string): AwsError =>
  new AwsError('ResourceNotFound', `Resource not found: '${arn}'`, 400, { resourceName: arn });
export const typeNotSupported = (): AwsError =>
  new AwsError('StateMachineTypeNotSupported', 'This operation is not supported by this type of state machine');
export const throttled = (): AwsError => new AwsError('ThrottlingException', 'Rate exceeded');
export const conflict = (message: string): AwsError => new AwsError('ConflictException', message);
export const quotaExceeded = (message: string): AwsError => new AwsError('ServiceQuotaExceededException', message);
export const tooManyTags = (arn: string): AwsError => new AwsError('TooManyTags', `Too many tags: '${arn}'`, 400, { resourceName: arn });
export const validation = (message: string, reason?: string): AwsError =>
  new AwsError('ValidationException', message, 400, reason === undefined ? {} : { reason });
export const notSupported = (what: string): AwsError => validation(`${what} is not supported by the lab.`);

/** What the API's own shapes refuse, before the service looks at the value. */
export function constraint(value: unknown, member: string, rule: string): AwsError {
  const text = value === undefined || value === null ? 'null' : `'${String(value)}'`;
  return validation(`1 validation error detected: Value ${text} at '${member}' failed to satisfy constraint: Member must ${rule}`);
}
