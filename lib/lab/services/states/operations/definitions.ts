import type { TestStateCommandInput, ValidateStateMachineDefinitionCommandInput } from '@aws-sdk/client-sfn';
import { diagnose } from '../../../../models/states/parse.ts';
import type { Operation } from '../../../contract.ts';
import { required } from '../checks.ts';
import type { StateTest } from '../test-state.ts';

/** AWS gives 100 diagnostics at most. */
const maxDiagnostics = 100;

/** ValidateStateMachineDefinition, what CreateStateMachine would refuse and all of it, and TestState. */
export function definitionOperations(test: StateTest): Record<string, Operation> {
  return {
    TestState: { act: (input: TestStateCommandInput) => test.run(input) },
    ValidateStateMachineDefinition: {
      act: ({ definition, type, severity, maxResults }: ValidateStateMachineDefinitionCommandInput) => {
        const found = diagnose(required(definition, 'definition'), type ?? 'STANDARD');
        const wanted = found.filter((each) => each.severity === 'ERROR' || severity === 'WARNING');
        const most = maxResults === undefined || maxResults === 0 ? maxDiagnostics : Math.min(maxResults, maxDiagnostics);
        return {
          result: found.some((each) => each.severity === 'ERROR') ? 'FAIL' : 'OK',
          diagnostics: wanted.slice(0, most),
          truncated: wanted.length > most,
        };
      },
    },
  };
}
