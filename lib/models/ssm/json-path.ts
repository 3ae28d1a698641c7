/** The subset of JSONPath that the lab's documents may use: members, indices and `[*]`. */
export type PathPart = { readonly member: string } | { readonly index: number } | { readonly all: true };

const partPattern = /\.([A-Za-z0-9_-]+)|\[(?:(-?\d+)|(\*)|'([^']*)'|"([^"]*)")\]|\.(\*)/y;

/**
 * The parts of `path` (`$.Items[0].Name`, `$.Tags[*].Key`); a string that says what is not supported where there is
 * something else in it (filters, `..`, slices, functions).
 */
export function parseJsonPath(path: string): PathPart[] | string {
  if (!path.startsWith('$')) return `the JSONPath ${path} must start with $`;
  const parts: PathPart[] = [];
  let at = 1;
  while (at < path.length) {
    partPattern.lastIndex = at;
    const match = partPattern.exec(path);
    if (!match) return `the JSONPath ${path} uses ${path.slice(at)}, which the lab does not support`;
    const [, member, index, all, single, double, star] = match;
    if (index !== undefined) parts.push({ index: Number(index) });
    else if (all !== undefined || star !== undefined) parts.push({ all: true });
    else parts.push({ member: member ?? single ?? double ?? '' });
    at = partPattern.lastIndex;
  }
  return parts;
}

/** What `path` selects in `value`: undefined for nothing, a list once the path has `[*]`. Only for paths that parse. */
export function selectJsonPath(value: unknown, path: string): unknown {
  const parts = parseJsonPath(path);
  if (typeof parts === 'string') return undefined;
  let found: unknown[] = [value];
  for (const part of parts) found = found.flatMap((each) => step(each, part));
  return parts.some((part) => 'all' in part) ? (found.length > 0 ? found : undefined) : found[0];
}

function step(value: unknown, part: PathPart): unknown[] {
  if (typeof value !== 'object' || value === null) return [];
  if ('all' in part) return Object.values(value);
  if ('index' in part) return Array.isArray(value) ? present(value.at(part.index)) : [];
  return Array.isArray(value) || !Object.hasOwn(value, part.member) ? [] : present((value as Record<string, unknown>)[part.member]);
}

function present(value: unknown): unknown[] {
  return value === undefined || value === null ? [] : [value];
}
