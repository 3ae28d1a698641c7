import type { JsonObject } from '../json.ts';
import type { Graph, State, Target } from '../state.ts';
import { stateCompilers } from './state-kinds.ts';

/** Prepares the states of a valid definition: every path, template and expression in it is parsed here, once. */
export function compileGraph(source: JsonObject, isJsonataMachine: boolean): Graph {
  const states = new Map<string, State>();
  const targets = new Map<string, Target>();
  const targetOf = (name: string): Target => {
    const target = targets.get(name) ?? { state: undefined };
    targets.set(name, target);
    return target;
  };
  for (const [name, fields] of Object.entries(source['States'] as { [name: string]: JsonObject })) {
    const isJsonata = fields['QueryLanguage'] === undefined ? isJsonataMachine : fields['QueryLanguage'] === 'JSONata';
    const compile = stateCompilers[fields['Type'] as string] as (typeof stateCompilers)[string];
    states.set(name, compile({ name, fields, isJsonata, targetOf, compileGraph: (inner) => compileGraph(inner, isJsonataMachine) }));
  }
  for (const [name, target] of targets) target.state = states.get(name);
  return { startAt: states.get(source['StartAt'] as string) as State, states };
}
