import type { Parameter, Tag } from '@aws-sdk/client-cloudformation';
import { ProofloadError } from '../../../core/errors.ts';
import type { Numbers } from '../../../core/numbers.ts';
import { parseTemplate, type Template } from '../../../template/index.ts';
import { type Deployment, type Stack, validationError } from './stack.ts';

/** What CreateStack, UpdateStack, CreateChangeSet and GetTemplateSummary have in common. */
export interface DeploymentInput {
  readonly TemplateBody?: string | undefined;
  readonly TemplateURL?: string | undefined;
  readonly UsePreviousTemplate?: boolean | undefined;
  readonly Parameters?: readonly Parameter[] | undefined;
  readonly Tags?: readonly Tag[] | undefined;
  readonly Capabilities?: readonly string[] | undefined;
}

/** Reads a request into what a stack is made from. @throws AwsError ValidationError, where AWS has words for it in its own. */
export function deploymentOf(input: DeploymentInput, stackName: string, previous: Stack | undefined, quotas: Numbers): Deployment {
  const template = templateOf(input, stackName, previous, quotas);
  const parameters = parametersOf(input, template, previous?.deployment);
  const own = input.Tags?.map(({ Key = '', Value = '' }) => ({ Key, Value }));
  return {
    template,
    templateFolder: '',
    parameters,
    tags: own ?? previous?.deployment?.tags ?? [],
    capabilities: input.Capabilities ?? [],
  };
}

/** The template of a request, parsed and checked. */
export function templateOf(input: DeploymentInput, name: string, previous: Stack | undefined, quotas: Numbers): Template {
  if (input.UsePreviousTemplate) {
    const template = previous?.deployment?.template;
    if (!template) throw validationError(`Stack [${name}] has no previous template`);
    return template;
  }
  if (input.TemplateURL !== undefined) throw validationError('TemplateURL is not supported: this lab has no S3; give TemplateBody');
  if (input.TemplateBody === undefined) throw validationError('Either Template URL or Template Body must be specified.');
  const limit = quotas.number('cloudformation.template-body-max');
  if (Buffer.byteLength(input.TemplateBody) > limit) {
    throw validationError(
      `1 validation error detected: Value at 'templateBody' failed to satisfy constraint: Member must have length less than or equal to ${limit}`,
    );
  }
  const template = inAwsWords(() => parseTemplate(name, input.TemplateBody ?? ''));
  refuseLocalCode(template);
  return template;
}

/** Runs `task`; what it says about a template becomes AWS's ValidationError, hint included. */
export function inAwsWords<Result>(task: () => Result): Result {
  try {
    return task();
  } catch (thrown) {
    if (!(thrown instanceof ProofloadError)) throw thrown;
    throw validationError(`Template error: ${thrown.message}${thrown.hint === undefined ? '' : ` (${thrown.hint})`}`);
  }
}

// A request carries the template, not the folders next to it: AWS refuses this too.
function refuseLocalCode({ resources }: Template): void {
  for (const { logicalId, properties } of Object.values(resources)) {
    const code = properties['Code'];
    if (typeof code !== 'object' || code === null || !('LocalFolder' in code)) continue;
    throw validationError(
      `Transform AWS::Serverless-2016-10-31 failed with: Invalid Serverless Application Specification document. Resource with id [${logicalId}] is invalid. 'CodeUri' is not a valid S3 Uri of the form 's3://bucket/key'. (The lab loads code from folders when it is started with the template's file.)`,
    );
  }
}

function parametersOf({ Parameters = [] }: DeploymentInput, template: Template, previous: Deployment | undefined): Record<string, string> {
  const given: Record<string, string> = {};
  for (const { ParameterKey = '', ParameterValue, UsePreviousValue } of Parameters) {
    const value = UsePreviousValue ? previous?.parameters[ParameterKey] : ParameterValue;
    if (value !== undefined) given[ParameterKey] = value;
  }
  const declared = Object.values(template.parameters);
  const unknown = Object.keys(given).filter((name) => !Object.hasOwn(template.parameters, name));
  if (unknown.length > 0) throw validationError(`Parameters: [${unknown.join(', ')}] do not exist in the template`);
  const missing = declared.filter(({ name, default: fallback }) => given[name] === undefined && fallback === undefined).map(({ name }) => name);
  if (missing.length > 0) throw validationError(`Parameters: [${missing.join(', ')}] must have values`);
  return given;
}
