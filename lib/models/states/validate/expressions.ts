import jsonata from 'jsonata';
import { expressionSource } from '../query/jsonata.ts';
import type { Findings } from './findings.ts';

type Node = jsonata.ExprNode;

/** Checks a JSONata expression: that it parses, and that nothing in it reads an input that Step Functions does not give. */
export function checkExpression(findings: Findings, text: string, at: string): undefined {
  let root: Node;
  try {
    root = jsonata(expressionSource(text)).ast();
  } catch (error) {
    findings.error('INVALID_JSONATA_EXPRESSION', (error as Error).message, at);
    return;
  }
  for (const name of new Set(topLevelNames(root))) {
    findings.error('UNSUPPORTED_JSONATA_EXPRESSION', `Reference to '${name}' at the top level is not supported.`, at);
  }
}

/** Names that are read where there is no context item: the first steps of paths outside of other paths, and `$$`. */
function topLevelNames(node: Node): string[] {
  if (node.type === 'name') return [String(node.value)];
  if (node.type === 'variable' && node.value === '$') return ['$$'];
  if ((node.type as string) === 'path') return (node.steps ?? []).slice(0, 1).flatMap(topLevelNames);
  if (node.type === 'lambda' || node.type === 'transform') return [];
  return childrenOf(node).flatMap(topLevelNames);
}

interface Branches {
  readonly condition?: Node;
  readonly then?: Node;
  readonly else?: Node;
}

function childrenOf(node: Node): Node[] {
  const { condition, then: yes, else: no } = node as Branches;
  const sides = node.type === 'unary' && Array.isArray(node.lhs) ? node.lhs.flat() : [node.lhs, node.rhs].flat();
  const all = [node.procedure, ...(node.arguments ?? []), ...(node.expressions ?? []), ...sides, condition, yes, no];
  return all.filter((each): each is Node => typeof each === 'object' && each !== null && 'type' in each);
}
