/**
 * Parameters are text, and so is what comes of intrinsic functions; CloudFormation turns text into the type that a property has. Here are the
 * numbers and truths among the properties of the types that the lab creates; `*` stands for any item. All else stays as it is.
 */
const numbers: Readonly<Record<string, readonly string[]>> = {
  'AWS::ApiGateway::Method': ['Integration.TimeoutInMillis'],
  'AWS::ApiGateway::Stage': ['MethodSettings.*.ThrottlingBurstLimit', 'MethodSettings.*.ThrottlingRateLimit'],
  'AWS::ApiGateway::UsagePlan': [
    'ApiStages.*.Throttle.*.BurstLimit',
    'ApiStages.*.Throttle.*.RateLimit',
    'Quota.Limit',
    'Quota.Offset',
    'Throttle.BurstLimit',
    'Throttle.RateLimit',
  ],
  'AWS::ApiGatewayV2::Stage': [
    'DefaultRouteSettings.ThrottlingBurstLimit',
    'DefaultRouteSettings.ThrottlingRateLimit',
    'RouteSettings.*.ThrottlingBurstLimit',
    'RouteSettings.*.ThrottlingRateLimit',
  ],
  'AWS::ApplicationAutoScaling::ScalableTarget': ['MinCapacity', 'MaxCapacity'],
  'AWS::ApplicationAutoScaling::ScalingPolicy': [
    'TargetTrackingScalingPolicyConfiguration.TargetValue',
    'TargetTrackingScalingPolicyConfiguration.ScaleInCooldown',
    'TargetTrackingScalingPolicyConfiguration.ScaleOutCooldown',
  ],
  'AWS::CloudWatch::Alarm': ['Threshold', 'Period', 'EvaluationPeriods', 'DatapointsToAlarm', 'Metrics.*.Period', 'Metrics.*.MetricStat.Period'],
  'AWS::DynamoDB::Table': [
    'ProvisionedThroughput.ReadCapacityUnits',
    'ProvisionedThroughput.WriteCapacityUnits',
    'OnDemandThroughput.MaxReadRequestUnits',
    'OnDemandThroughput.MaxWriteRequestUnits',
    'WarmThroughput.ReadUnitsPerSecond',
    'WarmThroughput.WriteUnitsPerSecond',
    'GlobalSecondaryIndexes.*.ProvisionedThroughput.ReadCapacityUnits',
    'GlobalSecondaryIndexes.*.ProvisionedThroughput.WriteCapacityUnits',
    'GlobalSecondaryIndexes.*.OnDemandThroughput.MaxReadRequestUnits',
    'GlobalSecondaryIndexes.*.OnDemandThroughput.MaxWriteRequestUnits',
    'GlobalSecondaryIndexes.*.WarmThroughput.ReadUnitsPerSecond',
    'GlobalSecondaryIndexes.*.WarmThroughput.WriteUnitsPerSecond',
  ],
  'AWS::Lambda::EventInvokeConfig': ['MaximumRetryAttempts', 'MaximumEventAgeInSeconds'],
  'AWS::Lambda::EventSourceMapping': ['BatchSize', 'MaximumBatchingWindowInSeconds', 'ScalingConfig.MaximumConcurrency'],
  'AWS::Lambda::Function': ['MemorySize', 'Timeout', 'ReservedConcurrentExecutions', 'EphemeralStorage.Size'],
  'AWS::Logs::LogGroup': ['RetentionInDays'],
  'AWS::StepFunctions::StateMachineAlias': ['RoutingConfiguration.*.Weight'],
};

const truths: Readonly<Record<string, readonly string[]>> = {
  'AWS::ApplicationAutoScaling::ScalingPolicy': ['TargetTrackingScalingPolicyConfiguration.DisableScaleIn'],
  'AWS::ApiGateway::ApiKey': ['Enabled'],
  'AWS::ApiGateway::Method': ['ApiKeyRequired'],
  'AWS::ApiGateway::Stage': ['MethodSettings.*.MetricsEnabled'],
  'AWS::ApiGatewayV2::Stage': ['AutoDeploy', 'DefaultRouteSettings.DetailedMetricsEnabled', 'RouteSettings.*.DetailedMetricsEnabled'],
  'AWS::CloudWatch::Alarm': ['ActionsEnabled', 'Metrics.*.ReturnData'],
  'AWS::DynamoDB::Table': ['DeletionProtectionEnabled'],
  'AWS::Lambda::EventSourceMapping': ['Enabled'],
  'AWS::StepFunctions::StateMachine': ['LoggingConfiguration.IncludeExecutionData', 'TracingConfiguration.Enabled'],
};

/** Text wherever it is: numbers in a template are written as text there. */
const texts: Readonly<Record<string, readonly string[]>> = {
  'AWS::ApiGateway::ApiKey': ['Value'],
  'AWS::ApiGateway::Stage': ['Variables.*'],
  'AWS::CloudWatch::Alarm': ['Dimensions.*.Value', 'Tags.*.Value'],
  'AWS::FIS::ExperimentTemplate': ['Tags.*'],
  'AWS::IAM::Role': ['Tags.*.Value'],
  'AWS::Lambda::Function': ['Environment.Variables.*', 'Tags.*.Value'],
  'AWS::SQS::Queue': ['Tags.*.Value'],
  'AWS::SSM::Parameter': ['Value', 'Tags.*'],
  'AWS::StepFunctions::StateMachine': ['DefinitionSubstitutions.*', 'Tags.*.Value'],
};

/** `properties` with each value of the type that its property has. */
export function typedProperties(type: string, properties: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  let typed: unknown = properties;
  for (const path of numbers[type] ?? []) typed = at(typed, path.split('.'), toNumber);
  for (const path of truths[type] ?? []) typed = at(typed, path.split('.'), toTruth);
  for (const path of texts[type] ?? []) typed = at(typed, path.split('.'), toText);
  return typed as Readonly<Record<string, unknown>>;
}

function at(value: unknown, [key, ...rest]: readonly string[], change: (value: unknown) => unknown): unknown {
  if (key === undefined) return change(value);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return key === '*' ? value.map((item) => at(item, rest, change)) : value;
  const changed = Object.entries(value).map(([name, item]) => [name, key === '*' || key === name ? at(item, rest, change) : item]);
  return Object.fromEntries(changed);
}

function toNumber(value: unknown): unknown {
  return typeof value === 'string' && value.trim() !== '' && Number.isFinite(Number(value)) ? Number(value) : value;
}

function toTruth(value: unknown): unknown {
  return value === 'true' ? true : value === 'false' ? false : value;
}

function toText(value: unknown): unknown {
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : value;
}
