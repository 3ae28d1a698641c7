import type { Numbers } from '../../../core/numbers.ts';
import { isExtensionLayer } from '../../../models/fis/extension/settings.ts';
import { constraint, invalidParameter } from './errors.ts';
import { architectures, type FunctionSettings } from './lambda-function.ts';

/** The members of CreateFunction and UpdateFunctionConfiguration, and properties of AWS::Lambda::Function, that make up the settings. */
export interface SettingsInput {
  readonly Runtime?: string | undefined;
  readonly Handler?: string | undefined;
  readonly MemorySize?: number | undefined;
  readonly Timeout?: number | undefined;
  readonly Environment?: { readonly Variables?: Readonly<Record<string, string>> | undefined } | undefined;
  readonly Description?: string | undefined;
  readonly Role?: string | undefined;
  readonly DeadLetterConfig?: { readonly TargetArn?: string | undefined } | undefined;
  readonly Layers?: readonly string[] | undefined;
}

/** What a function has where nothing is said (AWS's defaults). */
const defaults: FunctionSettings = {
  runtime: '',
  handler: '',
  memoryMb: 128,
  timeoutSec: 3,
  variables: {},
  description: '',
  role: '',
  layers: [],
  deadLetterArn: '',
};

/** Names of variables that Lambda keeps for itself; the wrapper is the function's to name. */
const reserved =
  /^(_HANDLER|_X_AMZN_TRACE_ID|AWS_(DEFAULT_REGION|REGION|EXECUTION_ENV|LAMBDA_(?!EXEC_WRAPPER$).*|ACCESS_KEY|ACCESS_KEY_ID|SECRET_ACCESS_KEY|SESSION_TOKEN)|LAMBDA_(TASK_ROOT|RUNTIME_DIR))$/;

/** `before` (default: nothing) with what `input` says, checked against `config/quotas`. Throws AWS's errors. */
export function settingsOf(input: SettingsInput, quotas: Numbers, before: FunctionSettings = defaults): FunctionSettings {
  const settings = {
    runtime: input.Runtime ?? before.runtime,
    handler: input.Handler ?? before.handler,
    memoryMb: input.MemorySize ?? before.memoryMb,
    timeoutSec: input.Timeout ?? before.timeoutSec,
    variables: input.Environment ? (input.Environment.Variables ?? {}) : before.variables,
    description: input.Description ?? before.description,
    role: input.Role ?? before.role,
    layers: input.Layers ?? before.layers,
    deadLetterArn: input.DeadLetterConfig ? (input.DeadLetterConfig.TargetArn ?? '') : before.deadLetterArn,
  };
  checkRange(settings.memoryMb, 'memorySize', 'MemorySize', quotas.number('lambda.memory-min'), quotas.number('lambda.memory-max'));
  checkRange(settings.timeoutSec, 'timeout', 'Timeout', 1, quotas.number('lambda.timeout-max'));
  checkVariables(settings.variables, quotas.number('lambda.environment-variables-max'));
  if (settings.deadLetterArn !== '' && !/^arn:[^:]+:sqs:/.test(settings.deadLetterArn))
    throw invalidParameter(`The lab supports dead-letter queues in SQS only, not ${settings.deadLetterArn}.`);
  if (settings.layers.length > 0) checkLayers(settings.layers, quotas.number('lambda.layers-max'));
  return settings;
}

function checkRange(value: number, member: string, name: string, min: number, max: number): void {
  if (!(value >= min)) throw constraint(value, member, `have value greater than or equal to ${min}`);
  if (value > max) throw invalidParameter(`'${name}' value failed to satisfy constraint: Member must have value less than or equal to ${max}`);
}

function checkVariables(variables: Readonly<Record<string, string>>, maxBytes: number): void {
  const taken = Object.keys(variables).filter((name) => reserved.test(name));
  if (taken.length > 0) {
    throw invalidParameter(
      'Lambda was unable to configure your environment variables because the environment variables you have provided contains reserved keys ' +
        `that are currently not supported for modification. Reserved keys used in this request: ${taken.join(', ')}`,
    );
  }
  const size = Buffer.byteLength(JSON.stringify(variables));
  if (size > maxBytes) {
    throw invalidParameter(
      `Lambda was unable to configure your environment variables because the environment variables you have provided exceeded the ${maxBytes / 1024}KB limit. ` +
        `String measured: ${JSON.stringify(variables)}`,
    );
  }
}

/** The lab has no layers but one: the extension of FIS, whose work it does itself. What code of any other would add to a function would be missing. */
function checkLayers(layers: readonly string[], max: number): void {
  const malformed = layers.find((arn) => !/^arn:[^:]+:lambda:[^:]+:\d{12}:layer:[a-zA-Z0-9-_]+:\d+$/.test(arn));
  if (malformed !== undefined)
    throw constraint(`[${malformed}]`, 'layers', 'satisfy constraint: [Member must satisfy regular expression pattern of a layer version ARN]');
  if (layers.length > max) throw invalidParameter(`Layers cannot exceed ${max}: ${layers.length} given`);
  const other = layers.find((arn) => !architectures.some((architecture) => isExtensionLayer(arn, architecture)));
  if (other !== undefined) throw invalidParameter(`The lab supports no layer but the extension of AWS FIS, not ${other}.`);
}
