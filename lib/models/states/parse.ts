import { compileGraph } from './compile/graph.ts';
import type { Definition } from './definition.ts';
import type { Diagnostic, StateMachineType } from './types.ts';
import { checkDefinition } from './validate/definition.ts';

export type { Definition } from './definition.ts';

/** AWS refuses the definition; the message is CreateStateMachine's. */
export class InvalidDefinition extends Error {
  readonly diagnostics: readonly Diagnostic[];

  constructor(diagnostics: readonly Diagnostic[]) {
    const errors = diagnostics.filter((each) => each.severity === 'ERROR');
    const list = errors.map(({ code, message, location }) => `${code}: ${message} at ${location ?? 'null'}`).join(', ');
    super(`Invalid State Machine Definition: '${list}'`);
    this.diagnostics = diagnostics;
  }
}

/** A definition, checked and prepared once for any number of executions; throws InvalidDefinition. */
export function parseDefinition(text: string, type: StateMachineType): Definition {
  const { findings, source } = checkDefinition(text, type);
  if (source === undefined) throw new InvalidDefinition(findings.all);
  const timeout = source['TimeoutSeconds'];
  // AWS accepts a TimeoutSeconds of 0 for the whole machine; it means none.
  const timeoutSec = typeof timeout === 'number' && timeout > 0 ? timeout : undefined;
  return { type, graph: compileGraph(source, source['QueryLanguage'] === 'JSONata'), timeoutSec };
}

/** The findings of ValidateStateMachineDefinition; none where the definition is fine. */
export function diagnose(text: string, type: StateMachineType): Diagnostic[] {
  return checkDefinition(text, type).findings.all;
}
