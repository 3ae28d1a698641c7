/** One of SAM's policy templates: the parameter that it takes and what it allows on which resources. */
interface PolicyTemplate {
  readonly parameter: string;
  readonly actions: readonly string[];
  /** ARNs as Fn::Sub text, with the parameter's value as `name`. */
  readonly resources: readonly string[];
}

const table = `arn:\${AWS::Partition}:dynamodb:\${AWS::Region}:\${AWS::AccountId}:table/\${name}`;
const reads = ['GetItem', 'Scan', 'Query', 'BatchGetItem', 'DescribeTable'];
const writes = ['PutItem', 'UpdateItem', 'BatchWriteItem'];
const queue = (actions: readonly string[]): PolicyTemplate => ({
  parameter: 'QueueName',
  actions: actions.map((action) => `sqs:${action}`),
  resources: [`arn:\${AWS::Partition}:sqs:\${AWS::Region}:\${AWS::AccountId}:\${name}`],
});
const dynamodb = (actions: readonly string[]): PolicyTemplate => ({
  parameter: 'TableName',
  actions: actions.map((action) => `dynamodb:${action}`),
  resources: [table, `${table}/index/*`],
});

/** SAM's policy templates for what the lab has; https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/serverless-policy-template-list.html */
export const policyTemplates: Readonly<Record<string, PolicyTemplate>> = {
  DynamoDBCrudPolicy: dynamodb([...reads, ...writes, 'DeleteItem', 'ConditionCheckItem']),
  DynamoDBReadPolicy: dynamodb(reads),
  DynamoDBWritePolicy: dynamodb(writes),
  SQSSendMessagePolicy: queue(['SendMessage*']),
  SQSPollerPolicy: queue([
    'ChangeMessageVisibility',
    'ChangeMessageVisibilityBatch',
    'DeleteMessage',
    'DeleteMessageBatch',
    'GetQueueAttributes',
    'ReceiveMessage',
  ]),
  LambdaInvokePolicy: {
    parameter: 'FunctionName',
    actions: ['lambda:InvokeFunction'],
    resources: [`arn:\${AWS::Partition}:lambda:\${AWS::Region}:\${AWS::AccountId}:function:\${name}*`],
  },
  StepFunctionsExecutionPolicy: {
    parameter: 'StateMachineName',
    actions: ['states:StartExecution'],
    resources: [`arn:\${AWS::Partition}:states:\${AWS::Region}:\${AWS::AccountId}:stateMachine:\${name}`],
  },
};
