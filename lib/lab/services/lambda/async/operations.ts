import type {
  DeleteFunctionEventInvokeConfigCommandInput,
  FunctionEventInvokeConfig,
  GetFunctionEventInvokeConfigCommandInput,
  ListFunctionEventInvokeConfigsCommandInput,
  PutFunctionEventInvokeConfigCommandInput,
  UpdateFunctionEventInvokeConfigCommandInput,
} from '@aws-sdk/client-lambda';
import type { Operation, ResourceHandler } from '../../../contract.ts';
import type { Functions } from '../functions.ts';
import type { EventInvokeConfigs, EventInvokeInput } from './event-invoke-configs.ts';

export function putFunctionEventInvokeConfig(
  functions: Functions,
  configs: EventInvokeConfigs,
): Operation<PutFunctionEventInvokeConfigCommandInput, FunctionEventInvokeConfig> {
  return { act: (input) => configs.put(functions.get(input.FunctionName, input.Qualifier), input, false) };
}

export function updateFunctionEventInvokeConfig(
  functions: Functions,
  configs: EventInvokeConfigs,
): Operation<UpdateFunctionEventInvokeConfigCommandInput, FunctionEventInvokeConfig> {
  return { act: (input) => configs.put(functions.get(input.FunctionName, input.Qualifier), input, true) };
}

export function getFunctionEventInvokeConfig(
  functions: Functions,
  configs: EventInvokeConfigs,
): Operation<GetFunctionEventInvokeConfigCommandInput, FunctionEventInvokeConfig> {
  return { act: ({ FunctionName, Qualifier }) => configs.describe(functions.get(FunctionName, Qualifier)) };
}

export function deleteFunctionEventInvokeConfig(
  functions: Functions,
  configs: EventInvokeConfigs,
): Operation<DeleteFunctionEventInvokeConfigCommandInput, object> {
  return {
    act({ FunctionName, Qualifier }) {
      configs.remove(functions.get(FunctionName, Qualifier));
      return {};
    },
  };
}

export function listFunctionEventInvokeConfigs(
  functions: Functions,
  configs: EventInvokeConfigs,
): Operation<ListFunctionEventInvokeConfigsCommandInput, { FunctionEventInvokeConfigs: FunctionEventInvokeConfig[] }> {
  return {
    act({ FunctionName }) {
      const found = functions.get(FunctionName);
      return { FunctionEventInvokeConfigs: configs.has(found) ? [configs.describe(found)] : [] };
    },
  };
}

/** AWS::Lambda::EventInvokeConfig. */
export function eventInvokeConfigResource(functions: Functions, configs: EventInvokeConfigs): ResourceHandler {
  return {
    type: 'AWS::Lambda::EventInvokeConfig',
    properties: ['FunctionName', 'Qualifier', 'MaximumRetryAttempts', 'MaximumEventAgeInSeconds', 'DestinationConfig'],
    create({ properties }) {
      const { FunctionName, Qualifier } = properties;
      const found = functions.get(String(FunctionName), String(Qualifier));
      configs.put(found, properties as EventInvokeInput, false);
      return { physicalId: found.name };
    },
    update(name, { properties }) {
      const found = functions.get(String(properties['FunctionName']));
      if (found.name !== name) return undefined;
      configs.put(found, properties as EventInvokeInput, false);
      return { physicalId: name };
    },
    remove: (name) => configs.remove(functions.get(name)),
  };
}
