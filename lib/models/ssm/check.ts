import { AwsError } from '../../core/errors.ts';
import { checkBranch, selectorProblem } from './branch.ts';
import { referencesIn } from './interpolate.ts';
import { stepAction, stepActionNames } from './steps/registry.ts';
import type { StepLimits } from './steps/step-action.ts';
import type { AutomationDocument, DocumentStep } from './types.ts';

/** Names that Automation itself gives a value to. */
const systemReferences = ['global:REGION', 'global:ACCOUNT_ID', 'global:DATE', 'global:DATE_TIME', 'automation:EXECUTION_ID'] as const;

/** Refuses, as InvalidDocumentContent, everything that could go wrong only because the document is wrong. */
export function checkDocument(document: AutomationDocument, limits: StepLimits): void {
  const names = document.steps.map((step) => step.name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw invalid(`Two steps are named ${twice}.`);
  const values = knownReferences(document);
  checkReferences('assumeRole', document.assumeRole, values);
  for (const step of document.steps) checkStep(step, names, values, limits);
  for (const output of document.outputs) checkReferences('outputs', `{{ ${output} }}`, values);
}

function knownReferences(document: AutomationDocument): Set<string> {
  const outputs = document.steps.flatMap((step) => {
    const all = [...(stepAction(step.action)?.outputs ?? []), ...step.outputs.map((output) => output.name)];
    return all.map((output) => `${step.name}.${output}`);
  });
  return new Set([...Object.keys(document.parameters), ...outputs, ...systemReferences]);
}

function checkStep(step: DocumentStep, names: readonly string[], values: ReadonlySet<string>, limits: StepLimits): void {
  const action = stepAction(step.action);
  if (!action) throw invalid(`Step ${step.name} has the action ${step.action}; the lab supports ${stepActionNames().join(', ')}.`);
  const [problem] = action.check(step.inputs, limits);
  if (problem !== undefined) throw invalid(`Step ${step.name} (${step.action}): ${problem}.`);
  if (!action.declaresOutputs && step.outputs.length > 0) throw invalid(`Step ${step.name}: ${step.action} has no outputs to declare.`);
  for (const output of step.outputs) {
    const selector = selectorProblem(output.selector);
    if (selector !== undefined) throw invalid(`Output ${output.name} of step ${step.name}: ${selector}.`);
  }
  checkReferences(`Step ${step.name}`, step.inputs, values);
  checkJumps(step, names);
  if (!Number.isInteger(step.maxAttempts) || step.maxAttempts < 1) throw invalid(`Step ${step.name}: maxAttempts must be a whole number from 1.`);
  if (step.timeoutSec !== undefined && !(step.timeoutSec > 0)) throw invalid(`Step ${step.name}: timeoutSeconds must be above 0.`);
  if (step.onCancel.kind === 'continue') throw invalid(`Step ${step.name}: onCancel is Abort or step:name.`);
}

function checkJumps(step: DocumentStep, names: readonly string[]): void {
  const branches = step.action === 'aws:branch' ? checkBranch(step.inputs).steps : [];
  const detours = [step.onFailure, step.onCancel].flatMap((detour) => (detour.kind === 'step' ? [detour.step] : []));
  const jumps = [...branches, ...detours, ...(step.nextStep === undefined ? [] : [step.nextStep])];
  const unknown = jumps.find((name) => !names.includes(name));
  if (unknown !== undefined) throw invalid(`Step ${step.name} goes to ${unknown}, which is no step of the document.`);
}

function checkReferences(where: string, value: unknown, known: ReadonlySet<string>): void {
  const unknown = referencesIn(value).find((name) => !known.has(name));
  if (unknown !== undefined) throw invalid(`${where} refers to {{ ${unknown} }}, which is no parameter and no output of the document.`);
}

function invalid(message: string): AwsError {
  return new AwsError('InvalidDocumentContent', message);
}
