import { AwsError } from '../../../core/errors.ts';
import type { LabContext } from '../../contract.ts';

const reference = /\{\{resolve:([a-z-]+):([^}]*)\}\}/g;

/** `value` with each `{{resolve:ssm:name}}` (or `name:version`) replaced by the parameter's value; those of other services are refused by name. */
export async function withDynamicReferences(value: unknown, context: LabContext): Promise<unknown> {
  const found = new Set(JSON.stringify(value)?.match(reference));
  const values = new Map<string, string>();
  for (const text of found) values.set(text, await resolved(text, context));
  return found.size === 0 ? value : replaced(value, values);
}

async function resolved(text: string, context: LabContext): Promise<string> {
  const [, service, name = ''] = new RegExp(reference.source).exec(text) ?? [];
  if (service !== 'ssm') throw new AwsError('ValidationError', `The lab resolves dynamic references of ssm only, not ${text}`);
  const caller = { kind: 'service', service: 'cloudformation' } as const;
  const { Parameter } = await context.call<{ Parameter?: { Value?: string } }>('ssm', 'GetParameter', { Name: name }, caller);
  return Parameter?.Value ?? '';
}

function replaced(value: unknown, values: ReadonlyMap<string, string>): unknown {
  if (typeof value === 'string') return value.replace(reference, (text) => values.get(text) ?? text);
  if (Array.isArray(value)) return value.map((each) => replaced(each, values));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, replaced(each, values)]));
}
