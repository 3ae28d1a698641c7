/** Where the AWS Price List has one of our prices. */
export interface WantedPrice {
  /** Key of `config/prices`. */
  readonly key: string;
  /** Code of the offer, such as `AWSLambda`. */
  readonly offer: string;
  /** The product's usage type; a Region's own prefix (`EUW1-`) may stand before it. */
  readonly usageType: string;
  /** Attributes that tell products of one usage type apart. */
  readonly attributes?: Readonly<Record<string, string>>;
}

const lambda = (key: string, usageType: string): WantedPrice => ({ key: `lambda.${key}`, offer: 'AWSLambda', usageType });
const dynamodb = (key: string, usageType: string): WantedPrice => ({ key: `dynamodb.${key}`, offer: 'AmazonDynamoDB', usageType });
const cloudwatch = (key: string, usageType: string): WantedPrice => ({ key, offer: 'AmazonCloudWatch', usageType });

/** Every price that a refresh looks for. Usage types as AWS's bills and price lists name them; those of FIS and of Automation are not confirmed. */
export const wantedPrices: readonly WantedPrice[] = [
  lambda('request', 'Request'),
  lambda('gb-second-x86', 'Lambda-GB-Second'),
  lambda('gb-second-arm', 'Lambda-GB-Second-ARM'),
  lambda('storage-gb-second', 'Lambda-Storage-GB-Second'),
  lambda('provisioned-concurrency-gb-second-x86', 'Lambda-Provisioned-Concurrency'),
  lambda('provisioned-concurrency-gb-second-arm', 'Lambda-Provisioned-Concurrency-ARM'),
  lambda('provisioned-duration-gb-second-x86', 'Lambda-Provisioned-GB-Second'),
  lambda('provisioned-duration-gb-second-arm', 'Lambda-Provisioned-GB-Second-ARM'),
  { key: 'apigateway.http-request', offer: 'AmazonApiGateway', usageType: 'ApiGatewayHttpRequest' },
  { key: 'apigateway.rest-request', offer: 'AmazonApiGateway', usageType: 'ApiGatewayRequest' },
  dynamodb('write-request-unit', 'WriteRequestUnits'),
  dynamodb('read-request-unit', 'ReadRequestUnits'),
  dynamodb('write-capacity-unit-hour', 'WriteCapacityUnit-Hrs'),
  dynamodb('read-capacity-unit-hour', 'ReadCapacityUnit-Hrs'),
  dynamodb('storage-gb-month', 'TimedStorage-ByteHrs'),
  // In us-east-1 the usage types are Requests-RBP and Requests-FIFO-RBP, elsewhere EUW1-Requests-Tier1: the queue's type tells them.
  { key: 'sqs.request', offer: 'AWSQueueService', usageType: 'Requests-(?:RBP|Tier1)', attributes: { queueType: 'Standard' } },
  {
    key: 'sqs.fifo-request',
    offer: 'AWSQueueService',
    usageType: 'Requests-FIFO-(?:RBP|Tier1)',
    attributes: { queueType: 'FIFO (first-in, first-out)' },
  },
  { key: 'states.standard-transition', offer: 'AmazonStates', usageType: 'StateTransition' },
  { key: 'states.express-request', offer: 'AmazonStates', usageType: 'StepFunctions-Request' },
  { key: 'states.express-gb-second', offer: 'AmazonStates', usageType: 'StepFunctions-GB-Second' },
  cloudwatch('logs.ingested-gb', 'VendedLog-Bytes'),
  cloudwatch('cloudwatch.get-metric-data', 'CW:GMD-Metrics'),
  cloudwatch('cloudwatch.alarm-month', 'CW:AlarmMonitorUsage'),
  cloudwatch('cloudwatch.high-resolution-alarm-month', 'CW:HighResAlarmMonitorUsage'),
  cloudwatch('cloudwatch.custom-metric-month', 'CW:MetricMonitorUsage'),
  cloudwatch('cloudwatch.request', 'CW:Requests'),
  { key: 'fis.action-minute', offer: 'AWSFIS', usageType: 'Action-?Minutes?' },
  { key: 'ssm.automation-step', offer: 'AWSSystemsManager', usageType: 'Automation-?Steps?' },
  { key: 'ssm.automation-script-second', offer: 'AWSSystemsManager', usageType: 'Automation-?Script-?Duration' },
];
