import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { FisClient } from '@aws-sdk/client-fis';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { SFNClient } from '@aws-sdk/client-sfn';
import { SQSClient } from '@aws-sdk/client-sqs';
import { SSMClient } from '@aws-sdk/client-ssm';
import { STSClient } from '@aws-sdk/client-sts';

/** The AWS APIs that a run uses, pointed at a site; the same code for AWS and for the lab. */
export interface AwsClients {
  readonly fis: FisClient;
  readonly ssm: SSMClient;
  readonly lambda: LambdaClient;
  readonly cloudwatch: CloudWatchClient;
  readonly cloudformation: CloudFormationClient;
  readonly sts: STSClient;
  readonly dynamodb: DynamoDBClient;
  readonly sfn: SFNClient;
  readonly sqs: SQSClient;
  /** Closes their sockets. */
  destroy(): void;
}

export interface AwsClientOptions {
  readonly region: string;
  /** Base URL of an endpoint that speaks AWS's APIs; absent for AWS itself. */
  readonly endpoint?: string;
  /** Absent: the SDK's own chain (environment, profile, role). */
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
  readonly maxAttempts?: number;
}

/** No call may hang: a site that is cut off would keep a run from ending. Wall milliseconds, a try. */
const patience = { connectionTimeout: 5_000, requestTimeout: 20_000, throwOnRequestTimeout: true };

export function createAwsClients(options: AwsClientOptions): AwsClients {
  const { endpoint, region, credentials, maxAttempts = 3 } = options;
  const config = { region, maxAttempts, requestHandler: patience, ...(endpoint ? { endpoint } : {}), ...(credentials ? { credentials } : {}) };
  const clients = {
    fis: new FisClient(config),
    ssm: new SSMClient(config),
    lambda: new LambdaClient(config),
    cloudwatch: new CloudWatchClient(config),
    cloudformation: new CloudFormationClient(config),
    sts: new STSClient(config),
    dynamodb: new DynamoDBClient(config),
    sfn: new SFNClient(config),
    sqs: new SQSClient(config),
  };
  return { ...clients, destroy: () => Object.values(clients).forEach((client) => void client.destroy()) };
}
