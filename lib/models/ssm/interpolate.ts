import type { Bindings } from './types.ts';

const reference = /\{\{\s*([A-Za-z0-9_.:-]+)\s*\}\}/g;
const onlyReference = /^\s*\{\{\s*([A-Za-z0-9_.:-]+)\s*\}\}\s*$/;

/** Every name that `value` refers to as `{{ name }}`, deep. */
export function referencesIn(value: unknown): string[] {
  if (typeof value === 'string') return [...value.matchAll(reference)].map((match) => match[1] ?? '');
  if (Array.isArray(value)) return value.flatMap(referencesIn);
  if (typeof value === 'object' && value !== null) return Object.values(value).flatMap(referencesIn);
  return [];
}

/** Thrown when a document refers to something that has no value at this point. */
export class UnresolvedReference extends Error {
  readonly reference: string;

  constructor(reference: string) {
    super(`{{ ${reference} }} has no value`);
    this.name = 'UnresolvedReference';
    this.reference = reference;
  }
}

/**
 * `value` with each `{{ name }}` replaced. A string that is nothing but a reference becomes the value with its type (an
 * Integer stays a number, a StringList a list); inside other text a reference becomes text, lists and maps as JSON.
 */
export function interpolate(value: unknown, bindings: Bindings): unknown {
  if (typeof value === 'string') return interpolateText(value, bindings);
  if (Array.isArray(value)) return value.map((each) => interpolate(each, bindings));
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, interpolate(each, bindings)]));
  return value;
}

function interpolateText(text: string, bindings: Bindings): unknown {
  const only = onlyReference.exec(text)?.[1];
  if (only !== undefined) return bound(only, bindings);
  return text.replace(reference, (_, name: string) => asText(bound(name, bindings)));
}

function bound(name: string, bindings: Bindings): unknown {
  const value = bindings.get(name);
  if (value === undefined) throw new UnresolvedReference(name);
  return value;
}

/** How Automation writes a value as text. */
export function asText(value: unknown): string {
  return typeof value === 'string' ? value : typeof value === 'object' ? JSON.stringify(value) : String(value);
}
