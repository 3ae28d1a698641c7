import { isArray, isObject, type JsonObject } from '../json.ts';
import type { Json, StateMachineType } from '../types.ts';
import { Findings } from './findings.ts';
import { checkGraph } from './graph.ts';
import { parseJsonText } from './json-text.ts';
import { checkStates } from './states.ts';
import { checkInteger } from './values.ts';

const machineFields = ['Comment', 'QueryLanguage', 'StartAt', 'TimeoutSeconds', 'Version', 'States'];
const maxTimeoutSec = 99_999_999;

/** Everything that is wrong with the text of a definition, and what it says where nothing stands in the way of running it. */
export function checkDefinition(text: string, type: StateMachineType): { readonly findings: Findings; readonly source: JsonObject | undefined } {
  const findings = new Findings();
  const source = parseJsonText(findings, text);
  if (source === undefined) return { findings, source };
  checkMachine(findings, source, type);
  if (!findings.hasErrors) checkGraphs(findings, source, '');
  return { findings, source: findings.hasErrors ? undefined : source };
}

function checkMachine(findings: Findings, source: JsonObject, type: StateMachineType): undefined {
  for (const name of Object.keys(source)) if (!machineFields.includes(name)) findings.schema(`Field '${name}' is not supported`, '/');
  const { QueryLanguage: language, Version: version, TimeoutSeconds: timeout, Comment: comment } = source;
  if (language !== undefined && language !== 'JSONPath' && language !== 'JSONata') {
    findings.schema('Value should be one of the following: [JSONPath, JSONata]', '/QueryLanguage');
  }
  if (version !== undefined && version !== '1.0') findings.schema('Value should be one of the following: [1.0]', '/Version');
  if (comment !== undefined && typeof comment !== 'string') findings.schema('Expected value of type String', '/Comment');
  if (timeout !== undefined) checkInteger(findings, timeout, 0, maxTimeoutSec, '/TimeoutSeconds');
  checkStates(findings, source, '', { language: language === 'JSONata' ? 'JSONata' : 'JSONPath', type, names: new Set() });
}

function checkGraphs(findings: Findings, graph: JsonObject, at: string): undefined {
  checkGraph(findings, graph, at);
  for (const [name, state] of Object.entries(graph['States'] as { readonly [name: string]: JsonObject })) {
    for (const [inner, where] of innerGraphs(state)) checkGraphs(findings, inner, `${at}/States/${name}/${where}`);
  }
}

function innerGraphs(state: JsonObject): (readonly [JsonObject, string])[] {
  const { Type: type, Branches: branches, ItemProcessor: processor, Iterator: iterator } = state;
  if (type === 'Parallel' && isArray(branches)) return branches.map((branch: Json, i) => [branch as JsonObject, `Branches[${i}]`] as const);
  if (type !== 'Map') return [];
  return isObject(processor) ? [[processor, 'ItemProcessor']] : [[iterator as JsonObject, 'Iterator']];
}
