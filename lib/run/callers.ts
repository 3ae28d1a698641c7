import { referencesIn, type Template, type TemplateResource } from '../template/index.ts';

/** Types of resources that call the functions that they refer to, wherever in their properties they do. */
const callingTypes: readonly string[] = ['AWS::StepFunctions::StateMachine', 'AWS::Lambda::EventSourceMapping', 'AWS::Lambda::Function'];

/**
 * Who calls each function of a template, as far as the template tells: principals of its permissions, and the logical ids of state machines,
 * event source mappings and functions that refer to it. A function that nobody calls has an empty list.
 */
export function callersOf(template: Template): ReadonlyMap<string, readonly string[]> {
  const resources = Object.values(template.resources);
  const functions = resources.filter(({ type }) => type === 'AWS::Lambda::Function').map(({ logicalId }) => logicalId);
  const callers = new Map(functions.map((each) => [each, new Set<string>()]));
  for (const resource of resources) {
    const caller = callerName(resource);
    if (caller === undefined) continue;
    for (const called of mentioned(resource, template)) if (called !== resource.logicalId) callers.get(called)?.add(caller);
  }
  return new Map([...callers].map(([name, all]) => [name, [...all].sort()]));
}

/** What the resource calls functions as; undefined where it does not call any. */
function callerName({ type, logicalId, properties }: TemplateResource): string | undefined {
  if (type === 'AWS::Lambda::Permission') return typeof properties['Principal'] === 'string' ? properties['Principal'] : logicalId;
  return callingTypes.includes(type) ? logicalId : undefined;
}

function mentioned({ type, properties }: TemplateResource, { file, lines }: Template): Set<string> {
  // A permission names its API too, and a state machine its role: only functions are looked up, so whatever else is mentioned does no harm.
  const value = type === 'AWS::Lambda::Permission' ? properties['FunctionName'] : properties;
  return new Set(referencesIn(value, { file, lines, inConditions: false }).map(({ name }) => name));
}
