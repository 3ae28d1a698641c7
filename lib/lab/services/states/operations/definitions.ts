import type { ValidateStateMachineDefinitionCommandInput } from '@aws-sdk/client-sfn';
import { diagnose } from '../../../../models/states/parse.ts';
import type { Operation } from '../../../contract.ts';
import { required } from '../checks.ts';

/** AWS gives 100 diagnostics at most. */
const maxDiagnostics = 100;

/** ValidateStateMachineDefinition: what CreateStateMachine would refuse, and all of it. */
export function definitionOperations(): Record<string, Operation> {
  return {
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
