import type { Json } from '../../../../models/states/types.ts';
import { argumentsOf, type ServiceIntegration, sdkMetadata } from './integration.ts';
import { fromOutput, toInput } from './sdk-shapes.ts';
import { type ErrorNaming, serviceFailure } from './service-errors.ts';

const naming: ErrorNaming = { prefix: 'SQS', service: 'sqs', unmodelled: 'AmazonSQSException', causeName: 'AmazonSQS', causeForm: 'v1' };

/** `arn:aws:states:::sqs:sendMessage`: a MessageBody that is not text is sent as JSON. */
export const sqsSendMessage: ServiceIntegration = {
  name: 'sqs:sendMessage',
  patterns: ['request-response', 'waitForTaskToken'],
  async run(request, tools) {
    const { MessageBody, ...rest } = argumentsOf(request);
    const body = MessageBody === undefined || typeof MessageBody === 'string' ? MessageBody : JSON.stringify(MessageBody);
    const given = body === undefined ? rest : { ...rest, MessageBody: body };
    try {
      const output = await tools.call('sqs', 'SendMessage', await toInput('sqs', 'SendMessage', given));
      const json = (await fromOutput('sqs', 'SendMessage', output)) as Readonly<Record<string, Json>>;
      return { output: { ...json, ...sdkMetadata(tools) } };
    } catch (thrown) {
      throw await serviceFailure(thrown, naming, tools.requestId());
    }
  },
};
