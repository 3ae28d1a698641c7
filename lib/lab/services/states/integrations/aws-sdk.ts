import { argumentsOf, type ServiceIntegration, TaskFailure } from './integration.ts';
import { fromOutput, toInput } from './sdk-shapes.ts';
import { serviceFailure } from './service-errors.ts';

/** Services of the lab by their name in `aws-sdk:<service>:<action>`: the lab's name, and the prefix of their errors. */
const services: Readonly<Record<string, { readonly lab: string; readonly prefix: string }>> = {
  cloudformation: { lab: 'cloudformation', prefix: 'CloudFormation' },
  cloudwatch: { lab: 'monitoring', prefix: 'CloudWatch' },
  dynamodb: { lab: 'dynamodb', prefix: 'DynamoDb' },
  fis: { lab: 'fis', prefix: 'Fis' },
  iam: { lab: 'iam', prefix: 'Iam' },
  lambda: { lab: 'lambda', prefix: 'Lambda' },
  sfn: { lab: 'states', prefix: 'Sfn' },
  sqs: { lab: 'sqs', prefix: 'Sqs' },
  ssm: { lab: 'ssm', prefix: 'Ssm' },
  sts: { lab: 'sts', prefix: 'Sts' },
};

/** `arn:aws:states:::aws-sdk:<service>:<action>`: any operation of a service that the lab has. */
export const awsSdk: ServiceIntegration = {
  name: 'aws-sdk:',
  patterns: ['request-response', 'waitForTaskToken'],
  missing(resource) {
    const { service } = partsOf(resource);
    return services[service] ? undefined : `aws-sdk:${service} (the lab has ${Object.keys(services).join(', ')})`;
  },
  async run(request, tools) {
    const { service, action } = partsOf(request.resource);
    const found = services[service];
    if (!found) throw new TaskFailure('States.Runtime', `The lab has no service ${service}.`);
    const { lab, prefix } = found;
    const operation = action.charAt(0).toUpperCase() + action.slice(1);
    try {
      const output = await tools.call(lab, operation, await toInput(lab, operation, argumentsOf(request)));
      return { output: await fromOutput(lab, operation, output) };
    } catch (thrown) {
      const naming = { prefix, service: lab, unmodelled: `${prefix}Exception`, causeName: prefix, causeForm: 'v2' as const };
      throw await serviceFailure(thrown, naming, tools.requestId());
    }
  },
};

function partsOf(resource: string): { service: string; action: string } {
  const [service = '', action = ''] = resource.slice(resource.indexOf('aws-sdk:') + 'aws-sdk:'.length).split(/[:.]/);
  return { service, action };
}
