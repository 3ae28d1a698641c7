import { parseResource } from '../compile/resource.ts';
import { isArray, isObject, type JsonObject } from '../json.ts';
import type { Json } from '../types.ts';
import { checkChoices, wrongLanguage } from './choices.ts';
import { allowedFields, exclusiveFields, fields, type QueryLanguage, requiredFields, type StatePlace } from './fields.ts';
import type { Findings } from './findings.ts';
import { checkGuards } from './guards.ts';
import { checkIntegration } from './integration.ts';
import { checkMap } from './map.ts';
import { checkValue } from './values.ts';

const maxNameLength = 80;

/** What stays the same from a machine down to the states inside its branches and iterations. */
export interface MachinePlace {
  readonly language: QueryLanguage;
  readonly type: StatePlace['machineType'];
  /** Names seen so far: they are unique in the whole machine. */
  readonly names: Set<string>;
}

/** Checks a graph and the graphs inside it: the machine itself, a branch, or what runs for each item. */
export function checkStates(findings: Findings, graph: JsonObject, at: string, machine: MachinePlace): undefined {
  const absent = ['States', 'StartAt'].filter((name) => graph[name] === undefined);
  if (absent.length > 0) findings.schema(`These fields are required: [${absent.join(', ')}]`, at === '' ? '/' : at);
  const { States: states, StartAt: start } = graph;
  if (start !== undefined && typeof start !== 'string') findings.schema('Expected value of type String', `${at}/StartAt`);
  if (states === undefined) return;
  if (!isObject(states)) return findings.schema('Expected value of type Object', `${at}/States`);
  if (Object.keys(states).length === 0) findings.schema('Value cannot be empty', `${at}/States`);
  for (const [name, state] of Object.entries(states)) {
    checkName(findings, name, `${at}/States/${name}`, machine.names);
    if (isObject(state)) checkState(findings, state, `${at}/States/${name}`, machine);
    else findings.schema('Expected value of type Object', `${at}/States/${name}`);
  }
}

function checkName(findings: Findings, name: string, at: string, names: Set<string>): undefined {
  if (name.length === 0 || name.length > maxNameLength)
    findings.error('INVALID_STATE_NAME', `State name must have 1 to ${maxNameLength} characters: ${name}`, at);
  if (names.has(name)) findings.error('DUPLICATE_STATE_NAME', `Duplicate State name: ${name}`, at);
  names.add(name);
}

function checkState(findings: Findings, state: JsonObject, at: string, machine: MachinePlace): undefined {
  const { Type: type } = state;
  if (type === undefined) return findings.schema('These fields are required: [Type]', at);
  const allowed = typeof type === 'string' && Object.hasOwn(allowedFields, type) ? allowedFields[type] : undefined;
  if (allowed === undefined || typeof type !== 'string') {
    return findings.schema(`The field 'Type' should have one of these values: [${Object.keys(allowedFields).join(', ')}]`, `${at}/Type`);
  }
  const language = languageOf(findings, state, at, machine);
  const place: StatePlace = { at, language, machineLanguage: machine.language, machineType: machine.type };
  checkFields(findings, state, allowed, place);
  const absent = (requiredFields[type] ?? []).filter((name) => state[name] === undefined);
  if (absent.length > 0) findings.schema(`These fields are required: [${absent.join(', ')}]`, at);
  checkExclusive(findings, state, type, at);
  checkGuards(findings, state, place);
  checkOwn(findings, state, type, place, machine);
}

function languageOf(findings: Findings, state: JsonObject, at: string, machine: MachinePlace): QueryLanguage {
  const { QueryLanguage: own } = state;
  if (own === undefined) return machine.language;
  if (own !== 'JSONPath' && own !== 'JSONata') {
    findings.schema('Value should be one of the following: [JSONPath, JSONata]', `${at}/QueryLanguage`);
    return machine.language;
  }
  if (own === 'JSONPath' && machine.language === 'JSONata') {
    findings.schema("'QueryLanguage' can not be 'JSONPath' if set to 'JSONata' for whole state machine", at);
  }
  return own;
}

function checkFields(findings: Findings, state: JsonObject, allowed: ReadonlySet<string>, place: StatePlace): undefined {
  for (const [name, value] of Object.entries(state)) {
    const field = fields[name];
    if (!allowed.has(name) || field === undefined) findings.schema(`Field '${name}' is not supported`, place.at);
    else if (field.only !== undefined && field.only !== place.language) findings.schema(wrongLanguage(name, field.only, place.language), place.at);
    else checkValue(findings, field.check, value, `${place.at}/${name}`, place.language);
  }
}

function checkExclusive(findings: Findings, state: JsonObject, type: string, at: string): undefined {
  for (const { names, optional } of exclusiveFields[type] ?? []) {
    const used = names.filter((name) => state[name] !== undefined && !(name === 'End' && state[name] === false));
    const list = `[${names.join(', ')}]`;
    if (used.length > 1) findings.schema(`There should only be one of the following fields: ${list}`, at);
    if (used.length === 0 && !optional) findings.schema(`This object should have only one of the following fields: ${list}`, at);
  }
}

/** What only one type of state has. */
function checkOwn(findings: Findings, state: JsonObject, type: string, place: StatePlace, machine: MachinePlace): undefined {
  const { at } = place;
  if (type === 'Task') checkTask(findings, state, place);
  if (type === 'Choice' && state['Choices'] !== undefined) checkChoices(findings, state['Choices'], place);
  if (type === 'Parallel' && state['Branches'] !== undefined) checkBranches(findings, state['Branches'], at, machine);
  if (type === 'Pass' && typeof state['Result'] === 'string' && state['Result'].startsWith('$.')) {
    findings.warning('PASS_RESULT_IS_STATIC', 'The Result of a Pass state is static: a path in it is not evaluated', `${at}/Result`);
  }
  if (type === 'Map') checkMapState(findings, state, place, machine);
}

function checkMapState(findings: Findings, state: JsonObject, place: StatePlace, machine: MachinePlace): undefined {
  const inner = { ...machine, type: checkMap(findings, state, place) };
  const allowed = ['StartAt', 'States', 'Comment', 'ProcessorConfig'];
  for (const name of ['ItemProcessor', 'Iterator']) {
    if (state[name] !== undefined) checkInner(findings, state[name], `${place.at}/${name}`, allowed, inner);
  }
}

function checkTask(findings: Findings, state: JsonObject, { at, machineType, language }: StatePlace): undefined {
  const { Resource: resource, Credentials: credentials } = state;
  if (credentials !== undefined) {
    if (!isObject(credentials)) findings.schema('Expected value of type Object', `${at}/Credentials`);
    else if (credentials['RoleArn'] === undefined && credentials['RoleArn.$'] === undefined) {
      findings.schema("The field 'RoleArn' is required but was missing", `${at}/Credentials`);
    } else checkValue(findings, { kind: 'template' }, credentials, `${at}/Credentials`, language);
  }
  if (resource === undefined) return;
  if (typeof resource !== 'string') return findings.schema('Expected value of type String', `${at}/Resource`);
  if (!resource.startsWith('arn:')) return findings.schema('Value is not a valid resource ARN', `${at}/Resource`);
  const parsed = parseResource(resource);
  if (parsed === undefined) {
    const rest = 'The value is not a valid resource ARN, or the resource is not available in this region.';
    return findings.schema(`The resource provided ${resource} is not recognized. ${rest}`, `${at}/Resource`);
  }
  checkIntegration(findings, state, parsed, at, language);
  if (machineType === 'EXPRESS') checkExpress(findings, parsed.integration, `${at}/Resource`);
}

/** Express machines only ask and get an answer. */
function checkExpress(findings: Findings, integration: string, at: string): undefined {
  if (integration === 'activity') findings.schema('Express state machine does not support Activity ARN', at);
  // AWS's message ends in a blank here.
  if (integration === 'waitForTaskToken') findings.schema("Express state machine does not support '.waitForTaskToken' service integration ", at);
  if (integration.startsWith('sync')) findings.schema("Express state machine does not support '.sync' service integration", at);
}

function checkBranches(findings: Findings, branches: Json, at: string, machine: MachinePlace): undefined {
  if (!isArray(branches)) return findings.schema('Expected value of type Array', `${at}/Branches`);
  if (branches.length === 0) return findings.schema('Value cannot be empty', `${at}/Branches`);
  for (const [i, branch] of branches.entries()) checkInner(findings, branch, `${at}/Branches[${i}]`, ['StartAt', 'States', 'Comment'], machine);
}

function checkInner(findings: Findings, graph: Json, at: string, allowed: readonly string[], machine: MachinePlace): undefined {
  if (!isObject(graph)) return findings.schema('Expected value of type Object', at);
  for (const name of Object.keys(graph)) if (!allowed.includes(name)) findings.schema(`Field '${name}' is not supported`, at);
  checkStates(findings, graph, at, machine);
}
