import type { JsonObject } from '../json.ts';
import type { Findings } from './findings.ts';

/** A state's way to another, and where it is written. */
interface Way {
  readonly to: string;
  readonly at: string;
}

/** Whether every name leads to a state of the same graph, every state can be reached, and there is an end. */
export function checkGraph(findings: Findings, graph: JsonObject, at: string): undefined {
  const states = graph['States'] as { readonly [name: string]: JsonObject };
  const start = graph['StartAt'] as string;
  if (!Object.hasOwn(states, start)) missing(findings, start, `${at}/StartAt`);
  const ways = new Map(Object.entries(states).map(([name, state]) => [name, waysOf(state, `${at}/States/${name}`)]));
  for (const [, out] of ways) for (const way of out) if (!Object.hasOwn(states, way.to)) missing(findings, way.to, way.at);
  if (!Object.values(states).some(isTerminal)) return findings.error('MISSING_END_STATE', 'Workflow has no terminal state');
  const reached = reachable(start, ways);
  for (const name of Object.keys(states)) {
    if (!reached.has(name)) findings.error('MISSING_TRANSITION_TARGET', `State "${name}" is not reachable.`, `${at}/States/${name}`);
  }
}

/** AWS says Next whatever the field is called. */
function missing(findings: Findings, name: string, at: string): undefined {
  findings.error('MISSING_TRANSITION_TARGET', `Missing 'Next' target: ${name}`, at);
}

function isTerminal(state: JsonObject): boolean {
  return state['End'] === true || state['Type'] === 'Succeed' || state['Type'] === 'Fail';
}

function waysOf(state: JsonObject, at: string): Way[] {
  const ways: Way[] = [];
  for (const field of ['Next', 'Default']) if (typeof state[field] === 'string') ways.push({ to: state[field], at: `${at}/${field}` });
  for (const field of ['Choices', 'Catch']) {
    for (const [i, entry] of ((state[field] ?? []) as readonly JsonObject[]).entries()) {
      ways.push({ to: entry['Next'] as string, at: `${at}/${field}[${i}]/Next` });
    }
  }
  return ways;
}

function reachable(start: string, ways: ReadonlyMap<string, readonly Way[]>): Set<string> {
  const reached = new Set<string>();
  const open = [start];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (reached.has(name)) continue;
    reached.add(name);
    for (const way of ways.get(name) ?? []) open.push(way.to);
  }
  return reached;
}
