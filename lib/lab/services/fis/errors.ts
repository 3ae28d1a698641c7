import { AwsError } from '../../../core/errors.ts';

/** FIS's errors, by the names and statuses of its service model. */
export const notFound = (what: string): AwsError => new AwsError('ResourceNotFoundException', `${what} was not found.`, 404);
export const conflict = (message: string): AwsError => new AwsError('ConflictException', message, 409);
export const quotaExceeded = (message: string): AwsError => new AwsError('ServiceQuotaExceededException', message, 402);
