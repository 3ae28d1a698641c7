import { AwsError } from '../../core/errors.ts';
import type { ActionShape } from './actions/action.ts';
import { actionsNotInLab } from './actions/not-in-lab.ts';
import { actionById } from './actions/registry.ts';
import { checkTarget } from './check-target.ts';
import { checkValue } from './check-value.ts';
import type { FisLimits } from './limits.ts';
import { invalid, requireMembers, tooMany } from './refusals.ts';
import { startAfterCycle } from './schedule.ts';
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
  for (const [name, target] of Object.entries(targets)) {
    checkName(name, 'target');
    checkTarget(name, target, limits);
  }
  for (const [name, action] of Object.entries(template.actions)) checkAction(name, action, template, limits);
  checkOrder(template.actions);
  checkTargetsUsed(template);
  for (const [name, { actionId }] of Object.entries(template.actions)) refuseUnlessInLab(name, actionId);
  return template;
}

/** What FIS takes in a template of this action, whether the lab runs it or not; undefined where no FIS has it. */
function shapeOf(actionId: string): ActionShape | undefined {
  return actionById(actionId) ?? actionsNotInLab.find((each) => each.actionId === actionId);
}

/** Last of all: whatever FIS would refuse in the template is told before. */
function refuseUnlessInLab(name: string, actionId: string): void {
  if (!actionById(actionId)) throw invalid(`The action ${actionId} of ${name} is not supported by the lab`);
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
  if (count > limits.actions) throw tooMany(`An experiment template can have at most ${limits.actions} actions.`);
  const atOnce = Object.values(template.actions).filter((action) => (action.startAfter ?? []).length === 0).length;
  if (atOnce > limits.parallelActions) throw tooMany(`At most ${limits.parallelActions} actions can run in parallel.`);
  if (template.stopConditions.length === 0) throw invalid('An experiment template must have a stop condition; its source can be none.');
  if (template.stopConditions.length > limits.stopConditions)
    throw tooMany(`An experiment template can have at most ${limits.stopConditions} stop conditions.`);
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

/** First of all: what else is said of an action that is not there means nothing. */
function checkActionId(name: string, { actionId }: TemplateAction): void {
  checkName(name, 'action');
  requireMembers({ actionId });
  if (!shapeOf(actionId)) throw new AwsError('ResourceNotFoundException', `Invalid actionId: ${actionId}`, 404);
}

function checkAction(name: string, action: TemplateAction, template: ExperimentTemplate, limits: FisLimits): void {
  const shape = shapeOf(action.actionId);
  if (!shape) return;
  checkParameters(name, action, shape, limits);
  checkActionTargets(name, action, shape, template);
}

function checkParameters(name: string, action: TemplateAction, shape: ActionShape, limits: FisLimits): void {
  const given = action.parameters ?? {};
  for (const parameter of Object.keys(given)) {
    if (!Object.hasOwn(shape.parameters, parameter)) throw invalid(`The action ${shape.actionId} of ${name} has no parameter ${parameter}.`);
  }
  for (const [parameter, rule] of Object.entries(shape.parameters)) {
    const value = given[parameter];
    if (value !== undefined) checkValue(`Parameter ${parameter} of action ${name}`, value, rule, limits);
    else if (rule.required) throw invalid(`The action ${shape.actionId} of ${name} needs the parameter ${parameter}.`);
  }
}

function checkActionTargets(name: string, action: TemplateAction, shape: ActionShape, template: ExperimentTemplate): void {
  const given = action.targets ?? {};
  for (const [key, targetName] of Object.entries(given)) {
    const wanted = shape.targets[key];
    if (wanted === undefined) throw invalid(`The action ${shape.actionId} of ${name} has no target ${key}.`);
    const target = template.targets[targetName];
    if (!target) throw invalid(`The action ${name} names the target ${targetName}, which the template does not have.`);
    if (target.resourceType !== wanted)
      throw invalid(`The action ${name} needs a target of type ${wanted}; ${targetName} is ${target.resourceType}.`);
    checkTargetNaming(`The action ${shape.actionId} of ${name}`, target, shape);
  }
  const missing = Object.keys(shape.targets).find((key) => !Object.hasOwn(given, key));
  if (missing !== undefined) throw invalid(`The action ${shape.actionId} of ${name} needs the target ${missing}.`);
}

/** Some actions do not take every way of naming their targets. */
function checkTargetNaming(action: string, { resourceArns = [], resourceTags = {} }: TemplateTarget, { targetsBy }: ActionShape): void {
  if (targetsBy === 'tags' && Object.keys(resourceTags).length === 0) throw invalid(`${action} takes only targets named by tags.`);
  if (targetsBy === 'arns' && resourceArns.length === 0) throw invalid(`${action} takes only targets named by their ARNs.`);
  if (targetsBy === 'one-arn' && resourceArns.length !== 1) throw invalid(`${action} takes only one target, named by its ARN.`);
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
