import { AwsError } from '../../../core/errors.ts';
import type { Definition } from '../../../models/states/definition.ts';
import { InvalidDefinition, parseDefinition } from '../../../models/states/parse.ts';
import type { StateMachineType } from '../../../models/states/types.ts';
import { atMost } from './checks.ts';
import { whyUnsupported } from './integrations/registry.ts';

/** Parses a definition; InvalidDefinition with AWS's message and location, also, by name, for an integration that the lab lacks. */
export function checkedDefinition(text: string, type: StateMachineType, maxLength: number): Definition {
  atMost(text, 'definition', maxLength);
  let definition: Definition;
  try {
    definition = parseDefinition(text, type);
  } catch (thrown) {
    if (thrown instanceof InvalidDefinition) throw invalid(thrown.message);
    throw thrown;
  }
  for (const { resource, pointer } of tasksOf(JSON.parse(text), '')) {
    const missing = whyUnsupported(resource);
    if (missing !== undefined) throw invalid(`SCHEMA_VALIDATION_FAILED: The lab does not support ${missing} at ${pointer}`);
  }
  return definition;
}

function invalid(message: string): AwsError {
  return new AwsError('InvalidDefinition', message.startsWith('Invalid State Machine') ? message : `Invalid State Machine Definition: '${message}'`);
}

interface FoundTask {
  readonly resource: string;
  readonly pointer: string;
}

/** Every Task with its Resource, however deep in Parallel and Map states. */
function tasksOf(value: unknown, pointer: string): FoundTask[] {
  if (typeof value !== 'object' || value === null) return [];
  const { Type: type, Resource: resource } = value as { Type?: unknown; Resource?: unknown };
  const own = type === 'Task' && typeof resource === 'string' ? [{ resource, pointer: `${pointer}/Resource` }] : [];
  const nested = Object.entries(value).filter(([key]) => key !== 'Parameters' && key !== 'Result' && key !== 'Arguments');
  return [...own, ...nested.flatMap(([key, each]) => tasksOf(each, `${pointer}/${key}`))];
}
