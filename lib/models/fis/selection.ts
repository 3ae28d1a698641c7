import type { Rng } from '../../core/rng.ts';
import type { TemplateTarget } from './types.ts';

/** A resource that a target may match: its ARN, its tags, and what filters read (`path` of AWS's describe output). */
export interface TargetCandidate {
  readonly arn: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly properties: unknown;
}

export type SelectionMode = { readonly kind: 'all' } | { readonly kind: 'count' | 'percent'; readonly n: number };

/** `ALL`, `COUNT(n)` with n from 1, `PERCENT(n)` with n from 1 to 100; undefined when `text` is none of them. */
export function parseSelectionMode(text: string): SelectionMode | undefined {
  if (text === 'ALL') return { kind: 'all' };
  const match = /^(COUNT|PERCENT)\((\d+)\)$/.exec(text);
  const n = Number(match?.[2]);
  if (!match || n < 1) return undefined;
  if (match[1] === 'COUNT') return { kind: 'count', n };
  return n <= 100 ? { kind: 'percent', n } : undefined;
}

/**
 * The resources that `target` stands for now: those named by ARN, or those that carry all of its tags and pass all of its
 * filters, of which `selectionMode` takes some at random. PERCENT rounds down, and takes none of too few (AWS FIS user guide, targets).
 */
export function resolveTarget(target: TemplateTarget, candidates: readonly TargetCandidate[], rng: Rng): TargetCandidate[] {
  const matching = candidates.filter((candidate) => matches(target, candidate));
  const mode = parseSelectionMode(target.selectionMode) ?? { kind: 'all' };
  if (mode.kind === 'all') return matching;
  const wanted = mode.kind === 'count' ? mode.n : Math.floor((matching.length * mode.n) / 100);
  return pick(matching, Math.min(wanted, matching.length), rng);
}

function matches(target: TemplateTarget, candidate: TargetCandidate): boolean {
  if (target.resourceArns && target.resourceArns.length > 0) return target.resourceArns.includes(candidate.arn);
  const tagged = Object.entries(target.resourceTags ?? {}).every(([key, value]) => candidate.tags[key] === value);
  return (
    tagged && (target.filters ?? []).every((filter) => filter.values.some((value) => valuesAt(candidate.properties, filter.path).includes(value)))
  );
}

/** Every value below `path` (`State.Name`), as text; a list on the way contributes each of its members. */
function valuesAt(properties: unknown, path: string): string[] {
  let found: unknown[] = [properties];
  for (const member of path.split('.')) {
    found = found.flatMap((value) => {
      const each = typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[member] : undefined;
      return Array.isArray(each) ? each : each === undefined ? [] : [each];
    });
  }
  return found.map(String);
}

/** `count` of `from`, each set equally likely, in their first order (partial Fisher-Yates). */
function pick(from: readonly TargetCandidate[], count: number, rng: Rng): TargetCandidate[] {
  const order = from.map((_, index) => index);
  for (let i = 0; i < count; i++) {
    const other = i + rng.int(order.length - i);
    [order[i], order[other]] = [order[other] as number, order[i] as number];
  }
  const chosen = new Set(order.slice(0, count));
  return from.filter((_, index) => chosen.has(index));
}
