import { checkValue } from './check-value.ts';
import type { FisLimits } from './limits.ts';
import { invalid, requireMembers } from './refusals.ts';
import { resourceTypes, targetParameters } from './resource-types.ts';
import { parseSelectionMode } from './selection.ts';
import type { TemplateTarget } from './types.ts';

/** Refuses a target that says too little, too much or what FIS does not know of its resource type. Source: AWS FIS user guide, targets, 2026-08. */
export function checkTarget(name: string, target: TemplateTarget, limits: FisLimits): void {
  requireMembers({ resourceType: target.resourceType, selectionMode: target.selectionMode });
  const { resourceType, selectionMode, resourceArns = [], resourceTags = {}, filters = [], parameters = {} } = target;
  if (!Object.hasOwn(resourceTypes, resourceType)) throw invalid(`The resource type ${resourceType} of target ${name} does not exist.`);
  const tags = Object.keys(resourceTags);
  if (resourceArns.length > 0 && (tags.length > 0 || filters.length > 0))
    throw invalid(`Target ${name} names resource ARNs: it cannot have tags or filters.`);
  // A qualifier says which invocations of a function are meant, not which function.
  const finding = Object.keys(parameters).filter((parameter) => parameter !== 'functionQualifier');
  if (resourceArns.length + tags.length + filters.length + finding.length === 0)
    throw invalid(`Target ${name} must have resource ARNs, tags, filters or parameters.`);
  if (resourceArns.length > limits.arnsPerTarget) throw invalid(`Target ${name} can name at most ${limits.arnsPerTarget} resource ARNs.`);
  const arn = resourceArns.find((each) => !/^arn:[^:]+:[^:]+:[^:]*:[^:]*:.+/.test(each));
  if (arn !== undefined) throw invalid(`${arn} of target ${name} is not an ARN.`);
  for (const filter of filters) checkFilter(name, filter);
  checkParameters(name, target, limits);
  if (!parseSelectionMode(selectionMode)) throw invalid(`The selection mode ${selectionMode} of target ${name} is not ALL, COUNT(n) or PERCENT(n).`);
}

/** A path is elements in Pascal case, parted by dots, whatever the case of the service's own answer. */
function checkFilter(name: string, { path, values }: NonNullable<TemplateTarget['filters']>[number]): void {
  requireMembers({ path, values });
  if (!/^[A-Z][A-Za-z0-9]*(\.[A-Z][A-Za-z0-9]*)*$/.test(path))
    throw invalid(`The filter path ${path} of target ${name} must be attributes in Pascal case, separated by periods.`);
  if (values.length === 0) throw invalid(`The filter ${path} of target ${name} must have a value.`);
}

function checkParameters(name: string, { resourceType, parameters = {} }: TemplateTarget, limits: FisLimits): void {
  const known = targetParameters[resourceType] ?? {};
  const unknown = Object.keys(parameters).find((parameter) => !Object.hasOwn(known, parameter));
  if (unknown !== undefined) throw invalid(`The resource type ${resourceType} of target ${name} has no parameter ${unknown}.`);
  for (const [parameter, rule] of Object.entries(known)) {
    const value = parameters[parameter];
    if (value !== undefined) checkValue(`Parameter ${parameter} of target ${name}`, value, rule, limits);
    else if (rule.required) throw invalid(`The resource type ${resourceType} of target ${name} needs the parameter ${parameter}.`);
  }
}
