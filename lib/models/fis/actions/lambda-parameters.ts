import type { ActionParameter } from './action.ts';

/** Parameters that the actions on Lambda functions share. Source of all of them: AWS FIS actions reference, AWS Lambda actions, 2026-08. */
export const lambdaTargets = { Functions: 'aws:lambda:function' } as const;

export const duration: ActionParameter = {
  description: 'The length of time that the action lasts (ISO 8601).',
  required: true,
  kind: 'duration',
};

export const invocationPercentage: ActionParameter = {
  description: 'The percentage of invocations to inject the fault into.',
  required: false,
  kind: 'integer',
  range: 'percentage',
};

export const preventExecution: ActionParameter = {
  description: 'Whether to answer without running the function.',
  required: true,
  kind: 'boolean',
};

/** The share of invocations, in percent; all of them where nothing is said (documented default). */
export function percentageOf(parameters: Readonly<Record<string, string>>): number {
  return Number(parameters['invocationPercentage'] ?? '100');
}
