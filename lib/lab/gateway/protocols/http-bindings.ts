import { FromStringShapeDeserializer, ToStringShapeSerializer } from '@smithy/core/protocols';
import type { NormalizedSchema } from '@smithy/core/schema';
import type { WireRequest } from '../../contract.ts';

const epochSeconds = 7;
// Headers have HTTP dates and queries ISO ones, whatever the body of the protocol has.
const bindings = { httpBindings: true, timestampFormat: { useTrait: true, default: epochSeconds as 7 } };
const fromText = new FromStringShapeDeserializer(bindings);
const toText = new ToStringShapeSerializer(bindings);

/** What a member gives that nothing outside the body decides. */
export const unbound = Symbol('unbound');

/** The value that the path, the query or a header gives a member of an input. */
export function boundValue(
  name: string,
  member: NormalizedSchema,
  request: WireRequest,
  labels: Readonly<Record<string, string>>,
  query: URLSearchParams,
): unknown {
  const traits = member.getMergedTraits();
  if (traits.httpLabel) return fromText.read(member, labels[name] ?? '');
  if (traits.httpHeader) return readText(member, request.headers[traits.httpHeader.toLowerCase()]);
  if (traits.httpPrefixHeaders) return prefixed(traits.httpPrefixHeaders.toLowerCase(), request.headers);
  if (traits.httpQuery) {
    const values = query.getAll(traits.httpQuery);
    if (member.isListSchema()) return values.length > 0 ? values.map((each) => fromText.read(member.getValueSchema(), each)) : undefined;
    return readText(member, values[0]);
  }
  return unbound;
}

function readText(member: NormalizedSchema, text: string | undefined): unknown {
  return text === undefined ? undefined : fromText.read(member, text);
}

function prefixed(prefix: string, headers: Readonly<Record<string, string>>): Record<string, string> | undefined {
  const found = Object.entries(headers).filter(([name]) => name.startsWith(prefix));
  return found.length === 0 ? undefined : Object.fromEntries(found.map(([name, value]) => [name.slice(prefix.length), value]));
}

/** A value of a header. */
export function writeText(member: NormalizedSchema, value: unknown): string {
  toText.write(member, value);
  return toText.flush();
}
