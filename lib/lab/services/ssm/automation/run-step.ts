import { isDate } from 'node:util/types';
import { AwsError, messageOf } from '../../../../core/errors.ts';
import { branchTarget } from '../../../../models/ssm/branch.ts';
import { asText, interpolate, UnresolvedReference } from '../../../../models/ssm/interpolate.ts';
import { selectJsonPath } from '../../../../models/ssm/json-path.ts';
import { stepAction } from '../../../../models/ssm/steps/registry.ts';
import type { ApiCall, StepWork } from '../../../../models/ssm/steps/step-action.ts';
import type { Bindings, DocumentStep } from '../../../../models/ssm/types.ts';
import { convert } from '../../../../models/ssm/values.ts';
import type { LabContext } from '../../../contract.ts';
import type { InputTyper } from './api-input.ts';
import type { StepRun } from './execution.ts';

export interface StepTools {
  readonly context: LabContext;
  readonly typeInput: InputTyper;
  /** Aborts when the step must end: cancelled, timed out, the lab stops. */
  readonly signal: AbortSignal;
}

/** Does the work of `run` once; fills its inputs, outputs and jump. Rejects with what the step fails of. */
export async function performStep(run: StepRun, bindings: Bindings, tools: StepTools): Promise<void> {
  const { step } = run;
  const action = stepAction(step.action);
  if (!action) throw new Error(`${step.action} is not supported by the lab`);
  const inputs = step.action === 'aws:branch' ? step.inputs : (interpolate(step.inputs, bindings) as Record<string, unknown>);
  run.inputs = Object.fromEntries(Object.entries(inputs).map(([name, value]) => [name, JSON.stringify(value)]));
  await perform(action.plan(inputs, tools.context.clock.now()), run, bindings, tools);
}

async function perform(work: StepWork, run: StepRun, bindings: Bindings, tools: StepTools): Promise<void> {
  switch (work.kind) {
    case 'branch':
      run.jumpTo = branchTarget(run.step.inputs, (value) => valueOrNothing(value, bindings));
      return;
    case 'sleep':
      return tools.context.clock.sleep(work.durationMs, tools.signal);
    case 'call':
      run.outputs = outputsOf(run.step, await callApi(work.call, tools));
      return;
    case 'assert':
      if (!(await hasDesiredValue(work, tools))) throw new Error(`${work.selector} has none of the desired values ${work.desired.join(', ')}`);
      return;
    case 'wait': {
      const pollMs = tools.context.quotas.number('ssm.property-poll') * 1000;
      while (!(await hasDesiredValue(work, tools))) await tools.context.clock.sleep(pollMs, tools.signal);
    }
  }
}

/** A branch compares what has a value; an output that its selector did not find has none (assumed, AWS documents nothing). */
function valueOrNothing(value: unknown, bindings: Bindings): unknown {
  try {
    return interpolate(value, bindings);
  } catch (error) {
    if (error instanceof UnresolvedReference) return undefined;
    throw error;
  }
}

async function hasDesiredValue(work: Extract<StepWork, { selector: string }>, tools: StepTools): Promise<boolean> {
  const value = selectJsonPath(await callApi(work.call, tools), work.selector);
  return value !== undefined && work.desired.includes(asText(value));
}

async function callApi({ service, operation, input }: ApiCall, { context, typeInput }: StepTools): Promise<unknown> {
  const labService = service === 'cloudwatch' ? 'monitoring' : service;
  try {
    const response = await context.call(labService, operation, await typeInput(labService, operation, input), { kind: 'service', service: 'ssm' });
    return asJson(response ?? {});
  } catch (error) {
    const code = error instanceof AwsError ? `; Error Code: ${error.name}; Status Code: ${error.statusCode}` : '';
    throw new Error(`Exception Message from ${operation} API: [${messageOf(error)} (Service: ${service}${code})]`, { cause: error });
  }
}

/** A response as Automation sees it: times as ISO text, bytes as text. */
function asJson(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (isDate(value)) return value.toISOString();
  if (value instanceof Uint8Array) return new TextDecoder().decode(value);
  if (Array.isArray(value)) return value.map(asJson);
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, asJson(each)]));
}

/** Declared outputs by their selectors, and those that the action always has; an output whose selector finds nothing is left out. */
function outputsOf(step: DocumentStep, response: unknown): Record<string, unknown> {
  const outputs: Record<string, unknown> = {};
  for (const name of stepAction(step.action)?.outputs ?? []) {
    const value = name === 'OutputPayload' ? JSON.stringify(response) : selectJsonPath(response, `$.${name}`);
    if (value !== undefined) outputs[name] = value;
  }
  for (const { name, selector, type } of step.outputs) {
    const found = selectJsonPath(response, selector);
    if (found === undefined) continue;
    const value = convert(found, type);
    if (value === undefined) throw new Error(`The output ${name} (${selector}) is not of the type ${type}: ${asText(found)}`);
    outputs[name] = value;
  }
  return outputs;
}
