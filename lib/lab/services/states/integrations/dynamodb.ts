import type { Json } from '../../../../models/states/types.ts';
import { argumentsOf, type ServiceIntegration, sdkMetadata } from './integration.ts';
import { fromOutput } from './sdk-shapes.ts';
import { type ErrorNaming, serviceFailure } from './service-errors.ts';

const naming: ErrorNaming = {
  prefix: 'DynamoDB',
  service: 'dynamodb',
  unmodelled: 'AmazonDynamoDBException',
  causeName: 'AmazonDynamoDBv2',
  causeForm: 'v1',
};

/** `arn:aws:states:::dynamodb:<action>`: the API as it is, attribute values included. */
export const dynamoDb: readonly ServiceIntegration[] = ['getItem', 'putItem', 'updateItem', 'deleteItem'].map((action) => {
  const operation = action.charAt(0).toUpperCase() + action.slice(1);
  return {
    name: `dynamodb:${action}`,
    patterns: ['request-response'],
    async run(request, tools) {
      try {
        const output = await tools.call('dynamodb', operation, argumentsOf(request));
        const json = (await fromOutput('dynamodb', operation, output)) as Readonly<Record<string, Json>>;
        return { output: { ...json, ...sdkMetadata(tools) } };
      } catch (thrown) {
        throw await serviceFailure(thrown, naming, tools.requestId());
      }
    },
  };
});
