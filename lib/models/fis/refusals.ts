import { AwsError } from '../../core/errors.ts';

/** A ValidationException of FIS. */
export function invalid(message: string): AwsError {
  return new AwsError('ValidationException', message);
}

/** FIS's refusal of more than a quota allows. */
export function tooMany(message: string): AwsError {
  return new AwsError('ServiceQuotaExceededException', message, 402);
}

/** AWS's refusal of members that must be there. */
export function requireMembers(members: Readonly<Record<string, unknown>>): void {
  const missing = Object.entries(members).filter(([, value]) => value === undefined || value === null);
  if (missing.length === 0) return;
  const details = missing.map(([name]) => `Value null at '${name}' failed to satisfy constraint: Member must not be null`);
  throw invalid(`${missing.length} validation error${missing.length > 1 ? 's' : ''} detected: ${details.join('; ')}`);
}
