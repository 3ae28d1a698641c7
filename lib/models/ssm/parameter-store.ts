import { AwsError } from '../../core/errors.ts';
import type { Numbers } from '../../core/numbers.ts';

export interface ParameterLimits {
  readonly parameters: number;
  readonly valueBytes: number;
  readonly advancedValueBytes: number;
  readonly versions: number;
  readonly levels: number;
  readonly nameLength: number;
}

export function parameterLimits(quotas: Numbers): ParameterLimits {
  return {
    parameters: quotas.number('ssm.parameters'),
    valueBytes: quotas.number('ssm.parameter-value'),
    advancedValueBytes: quotas.number('ssm.parameter-value-advanced'),
    versions: quotas.number('ssm.parameter-versions'),
    levels: quotas.number('ssm.parameter-hierarchy'),
    nameLength: quotas.number('ssm.parameter-name'),
  };
}

/** Refuses a name that Parameter Store refuses. */
export function checkParameterName(name: string, limits: ParameterLimits): void {
  if (!/^[A-Za-z0-9_.\-/]+$/.test(name) || name.endsWith('/'))
    throw invalid(
      'Parameter name: can\'t be prefixed with "ssm" (case-insensitive). If formed as a path, it can consist of sub-paths divided by slash symbol; each sub-path can be formed as a mix of letters, numbers and the following 3 symbols .-_',
    );
  if (/^\/?(aws|ssm)/i.test(name)) {
    if (/^\/?aws/i.test(name)) throw new AwsError('AccessDeniedException', `No access to reserved parameter name: ${name}.`);
    throw invalid('Parameter name: can\'t be prefixed with "ssm" (case-insensitive).');
  }
  if (name.includes('/') && !name.startsWith('/')) throw invalid(`Parameter name must be a fully qualified name: ${name}.`);
  if (name.length > limits.nameLength) throw invalid(`Parameter name exceeds the maximum length of ${limits.nameLength}.`);
  if (name.split('/').filter(Boolean).length > limits.levels)
    throw new AwsError('HierarchyLevelLimitExceededException', `Parameter hierarchies can have at most ${limits.levels} levels.`);
}

/** Whether `name` lies below the hierarchy `path`: all levels when `recursive`, else the first one. */
export function liesBelow(name: string, path: string, recursive: boolean): boolean {
  const prefix = path.endsWith('/') ? path : `${path}/`;
  if (!name.startsWith(prefix)) return prefix === '/' && !name.startsWith('/');
  return recursive || !name.slice(prefix.length).includes('/');
}

/** Refuses a value that Parameter Store refuses; `bytes` is its length in UTF-8. */
export function checkParameterValue(value: string, bytes: number, tier: string, allowedPattern: string | undefined, limits: ParameterLimits): void {
  if (value === '')
    throw invalid(
      "1 validation error detected: Value '' at 'value' failed to satisfy constraint: Member must have length greater than or equal to 1.",
    );
  const max = tier === 'Standard' ? limits.valueBytes : limits.advancedValueBytes;
  if (bytes > max) throw invalid(`${tier} tier parameters support a maximum parameter value of ${max} characters.`);
  if (allowedPattern !== undefined && !new RegExp(`^(?:${allowedPattern})$`).test(value))
    throw new AwsError('ParameterPatternMismatchException', `Parameter value, cannot be validated against allowedPattern: ${allowedPattern}`);
}

function invalid(message: string): AwsError {
  return new AwsError('ValidationException', message);
}
