import { AwsError } from '../../core/errors.ts';
import { durationSec } from '../iso-duration.ts';
import type { ActionDefinition, ActionParameter } from './actions/action.ts';
import { listed } from './actions/cloudwatch-assert-alarm-state.ts';
import { knownActionIds } from './actions/known.ts';
import { actionById } from './actions/registry.ts';
import { documentParameters } from './actions/ssm-start-automation-execution.ts';
import type { FisLimits } from './limits.ts';
import { resourceTypes, targetParameters } from './resource-types.ts';
import { startAfterCycle } from './schedule.ts';
import { parseSelectionMode } from './selection.ts';
import type { ExperimentTemplate, StopCondition, TemplateAction, TemplateInput, TemplateTarget } from './types.ts';

/**
 * The template that `input` asks for, or FIS's refusal: ValidationException for what is wrong, ServiceQuotaExceededException
 * for what is too much. The names are AWS's; of the messages only those of missing members are, AWS documents no others.
 */
export function validatedTemplate(input: TemplateInput, limits: FisLimits): ExperimentTemplate {
  const { description, stopConditions, actions, roleArn, targets = {}, tags = {}, experimentOptions = {}, logConfiguration } = input;
  requireMembers({ description, stopConditions, actions, roleArn });
  if (input.experimentReportConfiguration !== undefined) throw invalid('experimentReportConfiguration is not supported by the lab');
  const template: ExperimentTemplate = {
    description: description ?? '',
    stopConditions: stopConditions ?? [],
    actions: actions ?? {},
    roleArn: roleArn ?? '',
    targets,
    tags,
    experimentOptions: { accountTargeting: 'single-account', emptyTargetResolutionMode: 'fail', ...experimentOptions },
    ...(logConfiguration === undefined ? {} : { logConfiguration }),
  };
  checkBasics(template, limits);
  for (const [name, action] of Object.entries(template.actions)) checkActionId(name, action);
  for (const condition of template.stopConditions) checkStopCondition(condition);
  for (const [name, target] of Object.entries(targets)) checkTarget(name, target, limits);
  for (const [name, action] of Object.entries(template.actions)) checkAction(name, action, template, limits);
  checkOrder(template.actions);
  checkTargetsUsed(template);
  return template;
}

/** A ValidationException of FIS. */
export function invalid(message: string): AwsError {
  return new AwsError('ValidationException', message);
}

/** AWS's refusal of members that must be there. */
export function requireMembers(members: Readonly<Record<string, unknown>>): void {
  const missing = Object.entries(members).filter(([, value]) => value === undefined || value === null);
  if (missing.length === 0) return;
  const details = missing.map(([name]) => `Value null at '${name}' failed to satisfy constraint: Member must not be null`);
  throw invalid(`${missing.length} validation error${missing.length > 1 ? 's' : ''} detected: ${details.join('; ')}`);
}

/** Refuses what AWS reserves or what is too much; tags of FIS resources. */
export function checkTags(tags: Readonly<Record<string, string>>, limits: FisLimits): void {
  if (Object.keys(tags).length > limits.tags) throw invalid(`A resource can have at most ${limits.tags} tags.`);
  for (const [key, value] of Object.entries(tags)) {
    if (key.toLowerCase().startsWith('aws:')) throw invalid(`The tag key ${key} starts with the reserved prefix aws:.`);
    if (key.length < 1 || key.length > 128 || value.length > 256) throw invalid(`The tag ${key} is too long.`);
  }
}

function checkBasics(template: ExperimentTemplate, limits: FisLimits): void {
  if (template.description.length < 1 || template.description.length > 512) throw invalid('description must have 1 to 512 characters.');
  if (!/^arn:[^:]+:iam::\d{12}:role\/.+/.test(template.roleArn)) throw invalid(`${template.roleArn} is not the ARN of an IAM role.`);
  const count = Object.keys(template.actions).length;
  if (count === 0) throw invalid('An experiment template must have at least one action.');
  if (count > limits.actions) throw quota(`An experiment template can have at most ${limits.actions} actions.`);
  const atOnce = Object.values(template.actions).filter((action) => (action.startAfter ?? []).length === 0).length;
  if (atOnce > limits.parallelActions) throw quota(`At most ${limits.parallelActions} actions can run in parallel.`);
  if (template.stopConditions.length === 0) throw invalid('An experiment template must have a stop condition; its source can be none.');
  if (template.stopConditions.length > limits.stopConditions)
    throw quota(`An experiment template can have at most ${limits.stopConditions} stop conditions.`);
  const { accountTargeting = '', emptyTargetResolutionMode = '' } = template.experimentOptions;
  if (accountTargeting === 'multi-account') throw invalid('accountTargeting multi-account is not supported by the lab');
  if (accountTargeting !== 'single-account') throw invalid(`accountTargeting must be single-account or multi-account, not ${accountTargeting}.`);
  if (!['fail', 'skip'].includes(emptyTargetResolutionMode))
    throw invalid(`emptyTargetResolutionMode must be fail or skip, not ${emptyTargetResolutionMode}.`);
  checkTags(template.tags, limits);
}

function checkStopCondition(condition: StopCondition): void {
  requireMembers({ source: condition.source });
  if (condition.source === 'none') {
    if (condition.value !== undefined) throw invalid('A stop condition with the source none has no value.');
    return;
  }
  if (condition.source !== 'aws:cloudwatch:alarm')
    throw invalid(`The stop condition source must be none or aws:cloudwatch:alarm, not ${condition.source}.`);
  if (!/^arn:[^:]+:cloudwatch:[^:]+:\d{12}:alarm:.+/.test(condition.value ?? ''))
    throw invalid(`The stop condition value ${condition.value ?? ''} is not the ARN of a CloudWatch alarm.`);
}

function checkTarget(name: string, target: TemplateTarget, limits: FisLimits): void {
  checkName(name, 'target');
  requireMembers({ resourceType: target.resourceType, selectionMode: target.selectionMode });
  if (!Object.hasOwn(resourceTypes, target.resourceType)) throw invalid(`The resource type ${target.resourceType} of target ${name} does not exist.`);
  const unknown = Object.keys(target.parameters ?? {}).find((parameter) => !Object.hasOwn(targetParameters[target.resourceType] ?? {}, parameter));
  if (unknown !== undefined) throw invalid(`The resource type ${target.resourceType} of target ${name} has no parameter ${unknown}.`);
  const arns = target.resourceArns ?? [];
  const tags = Object.keys(target.resourceTags ?? {});
  if (arns.length > 0 && (tags.length > 0 || (target.filters ?? []).length > 0))
    throw invalid(`Target ${name} names resource ARNs: it cannot have tags or filters.`);
  if (arns.length === 0 && tags.length === 0 && (target.filters ?? []).length === 0)
    throw invalid(`Target ${name} must have resource ARNs, tags or filters.`);
  if (arns.length > limits.arnsPerTarget) throw invalid(`Target ${name} can name at most ${limits.arnsPerTarget} resource ARNs.`);
  if (!parseSelectionMode(target.selectionMode))
    throw invalid(`The selection mode ${target.selectionMode} of target ${name} is not ALL, COUNT(n) or PERCENT(n).`);
}

/** First of all: what else is said of an action that is not there means nothing. */
function checkActionId(name: string, { actionId }: TemplateAction): void {
  checkName(name, 'action');
  requireMembers({ actionId });
  if (actionById(actionId)) return;
  if (knownActionIds.has(actionId)) throw invalid(`The action ${actionId} of ${name} is not supported by the lab`);
  throw new AwsError('ResourceNotFoundException', `Invalid actionId: ${actionId}`, 404);
}

function checkAction(name: string, action: TemplateAction, template: ExperimentTemplate, limits: FisLimits): void {
  const definition = actionById(action.actionId);
  if (!definition) return;
  checkParameters(name, action, definition, limits);
  checkActionTargets(name, action, definition, template);
}

function checkParameters(name: string, action: TemplateAction, definition: ActionDefinition, limits: FisLimits): void {
  const given = action.parameters ?? {};
  for (const parameter of Object.keys(given)) {
    if (!Object.hasOwn(definition.parameters, parameter))
      throw invalid(`The action ${definition.actionId} of ${name} has no parameter ${parameter}.`);
  }
  for (const [parameter, rule] of Object.entries(definition.parameters)) {
    const value = given[parameter];
    if (value !== undefined) checkParameter(`Parameter ${parameter} of action ${name}`, value, rule, limits);
    else if (rule.required) throw invalid(`The action ${definition.actionId} of ${name} needs the parameter ${parameter}.`);
  }
}

function checkParameter(where: string, value: string, rule: ActionParameter, limits: FisLimits): void {
  if (typeof value !== 'string' || value.length > 1024) throw invalid(`${where} must be a string of at most 1024 characters.`);
  checks[rule.kind](where, value, rule, limits);
}

type Check = (where: string, value: string, rule: ActionParameter, limits: FisLimits) => void;

const checks: { readonly [Kind in ActionParameter['kind']]: Check } = {
  text: () => undefined,
  boolean: (where, value) => {
    if (value !== 'true' && value !== 'false') throw invalid(`${where} must be true or false, not ${value}.`);
  },
  'json-object': (where, value) => {
    if (documentParameters(value) === undefined) throw invalid(`${where} must be a JSON object of strings and lists of strings.`);
  },
  integer: checkInteger,
  list: checkList,
  duration: checkDuration,
};

function checkInteger(where: string, value: string, { range }: ActionParameter, { ranges }: FisLimits): void {
  if (range === undefined) return;
  const { min, max } = ranges[range];
  if (!/^\d{1,9}$/.test(value) || Number(value) < min || Number(value) > max)
    throw invalid(`${where} must be a whole number from ${min} to ${max}, not ${value}.`);
}

function checkList(where: string, value: string, { items }: ActionParameter, { listItems }: FisLimits): void {
  const given = listed(value);
  if (items && !given.every((item) => items.pattern.test(item))) throw invalid(`${where} must be ${items.what}, separated by commas, not ${value}.`);
  if (given.length > listItems) throw invalid(`${where} can have at most ${listItems} items.`);
}

function checkDuration(where: string, value: string, _rule: ActionParameter, limits: FisLimits): void {
  const seconds = durationSec(value);
  if (seconds === undefined) throw invalid(`${where} must be an ISO 8601 duration such as PT5M, not ${value}.`);
  if (seconds < limits.durationMinSec || seconds > limits.durationMaxSec)
    throw invalid(`${where} must be from PT${limits.durationMinSec / 60}M to PT${limits.durationMaxSec / 3600}H, not ${value}.`);
}

function checkActionTargets(name: string, action: TemplateAction, definition: ActionDefinition, template: ExperimentTemplate): void {
  const given = action.targets ?? {};
  for (const [key, targetName] of Object.entries(given)) {
    const wanted = definition.targets[key];
    if (wanted === undefined) throw invalid(`The action ${definition.actionId} of ${name} has no target ${key}.`);
    const target = template.targets[targetName];
    if (!target) throw invalid(`The action ${name} names the target ${targetName}, which the template does not have.`);
    if (target.resourceType !== wanted)
      throw invalid(`The action ${name} needs a target of type ${wanted}; ${targetName} is ${target.resourceType}.`);
  }
  const missing = Object.keys(definition.targets).find((key) => !Object.hasOwn(given, key));
  if (missing !== undefined) throw invalid(`The action ${definition.actionId} of ${name} needs the target ${missing}.`);
}

function checkOrder(actions: ExperimentTemplate['actions']): void {
  for (const [name, action] of Object.entries(actions)) {
    const unknown = (action.startAfter ?? []).find((before) => !Object.hasOwn(actions, before));
    if (unknown !== undefined) throw invalid(`The action ${name} starts after ${unknown}, which the template does not have.`);
  }
  const cycle = startAfterCycle(actions);
  if (cycle !== undefined) throw invalid(`The startAfter of action ${cycle} leads back to itself.`);
}

function checkTargetsUsed(template: ExperimentTemplate): void {
  const used = new Set(Object.values(template.actions).flatMap((action) => Object.values(action.targets ?? {})));
  const unused = Object.keys(template.targets).find((name) => !used.has(name));
  if (unused !== undefined) throw invalid(`No action uses the target ${unused}.`);
}

function checkName(name: string, what: string): void {
  if (!/^\S{1,64}$/.test(name)) throw invalid(`The ${what} name ${name} must have 1 to 64 characters, none of them a space.`);
}

function quota(message: string): AwsError {
  return new AwsError('ServiceQuotaExceededException', message, 402);
}
