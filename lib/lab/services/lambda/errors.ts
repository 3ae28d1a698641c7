import { AwsError } from '../../../core/errors.ts';
import type { ThrottleReason } from '../../../models/lambda/throttle.ts';

const user = { Type: 'User' };

export function functionNotFound(arn: string): AwsError {
  return new AwsError('ResourceNotFoundException', `Function not found: ${arn}`, 404, user);
}

export function functionExists(name: string): AwsError {
  return new AwsError('ResourceConflictException', `Function already exist: ${name}`, 409, user);
}

export function invalidParameter(message: string): AwsError {
  return new AwsError('InvalidParameterValueException', message, 400, user);
}

/** What the API's own shapes refuse, before the service looks at the value. */
export function constraint(value: unknown, member: string, rule: string): AwsError {
  return new AwsError(
    'ValidationException',
    `1 validation error detected: Value '${String(value)}' at '${member}' failed to satisfy constraint: Member must ${rule}`,
  );
}

export function throttled(reason: ThrottleReason): AwsError {
  return new AwsError('TooManyRequestsException', 'Rate Exceeded.', 429, { ...user, Reason: reason });
}

export function payloadTooLarge(maxBytes: number): AwsError {
  const message = `Request must be smaller than ${maxBytes} bytes for the InvokeFunction operation`;
  return new AwsError('RequestTooLargeException', message, 413, user);
}

export function malformedPayload(why: string): AwsError {
  return new AwsError('InvalidRequestContentException', `Could not parse request body into json: ${why}`, 400, user);
}
