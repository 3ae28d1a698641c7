import type { Numbers } from '../../../core/numbers.ts';
import type { Rng } from '../../../core/rng.ts';

/** The property that names a resource, by type; without it AWS generates `<stack>-<LogicalId>-<random>`. */
const nameProperty: Readonly<Record<string, string>> = {
  'AWS::ApiGateway::Stage': 'StageName',
  'AWS::ApiGatewayV2::Stage': 'StageName',
  'AWS::CloudWatch::Alarm': 'AlarmName',
  'AWS::DynamoDB::Table': 'TableName',
  'AWS::IAM::ManagedPolicy': 'ManagedPolicyName',
  'AWS::IAM::Role': 'RoleName',
  'AWS::Lambda::Function': 'FunctionName',
  'AWS::Logs::LogGroup': 'LogGroupName',
  'AWS::SQS::Queue': 'QueueName',
  'AWS::SSM::Document': 'Name',
  'AWS::SSM::Parameter': 'Name',
  'AWS::StepFunctions::Activity': 'Name',
  'AWS::StepFunctions::StateMachine': 'StateMachineName',
  'AWS::StepFunctions::StateMachineAlias': 'Name',
};

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';

/** Whether the template itself names the resource, so that a second one of its properties cannot exist beside it. */
export function isNamed(type: string, properties: Readonly<Record<string, unknown>>): boolean {
  const property = nameProperty[type];
  return property !== undefined && properties[property] !== undefined;
}

/** `properties` with the name that was generated for the resource before, where the template gives none now either. */
export function withNameOf(
  type: string,
  properties: Readonly<Record<string, unknown>>,
  before: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const property = nameProperty[type];
  return property === undefined || properties[property] !== undefined ? properties : { ...properties, [property]: before[property] };
}

/** Makes names as CloudFormation does: different from the logical id, and new at each creation. */
export class PhysicalNames {
  readonly #limits: Readonly<Record<string, number>>;
  readonly #suffixLength: number;
  readonly #rng: Rng;

  constructor(quotas: Numbers, rng: Rng) {
    this.#limits = quotas.table('cloudformation.generated-name-max');
    this.#suffixLength = quotas.number('cloudformation.generated-name-suffix');
    this.#rng = rng;
  }

  /** `properties` with a generated name where the type has one and the template gives none. */
  withName(type: string, stackName: string, logicalId: string, properties: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
    const property = nameProperty[type];
    if (property === undefined || properties[property] !== undefined) return properties;
    return { ...properties, [property]: this.#generate(type, stackName, logicalId) };
  }

  #generate(type: string, stackName: string, logicalId: string): string {
    const suffix = Array.from({ length: this.#suffixLength }, () => alphabet[this.#rng.int(alphabet.length)]).join('');
    const limit = this.#limits[type] ?? Number.POSITIVE_INFINITY;
    // The odd ones: CloudFormation leaves the stack's name out.
    if (type === 'AWS::SSM::Parameter') return `CFN-${logicalId}-${suffix}`;
    if (type === 'AWS::StepFunctions::StateMachine') return `${logicalId.slice(0, limit - suffix.length - 1)}-${suffix}`;
    const room = limit - suffix.length - 2;
    if (stackName.length + logicalId.length <= room) return `${stackName}-${logicalId}-${suffix}`;
    // A long stack name and a long logical id share the room; a short one leaves its rest to the other.
    const forStack = Math.max(Math.floor(room / 2), room - logicalId.length);
    const stack = stackName.slice(0, forStack);
    return `${stack}-${logicalId.slice(0, room - stack.length)}-${suffix}`;
  }
}
