import { resolve } from 'node:path';
import { ProofloadError } from '../core/errors.ts';
import { packageRoot } from '../core/package-root.ts';
import type { LabStack } from '../sites/lab-process.ts';
import { defaultStackName } from '../template/index.ts';
import type { FaultUse } from './exercise.ts';
import { loadExercise } from './load.ts';

/** Name of the stack of a fault: the fault's. */
export function faultStackName(name: string): string {
  return defaultStackName(`${name}.yaml`);
}

/** A fault's parameters as text, references as `@Logical` of the system's stack. */
export function faultParameters(use: FaultUse, system: string): Record<string, string> {
  const entries = Object.entries(use.parameters).map(([name, value]) => [
    name,
    typeof value === 'object' ? `@${system}.${value.resource}` : String(value),
  ]);
  return { ...Object.fromEntries(entries), DurationSeconds: String(use.durationSec) };
}

/**
 * What the arguments of `proofload lab` stand for: a template (or `stack=template`) is one stack, an exercise its system
 * and its faults.
 * @param parameters `Name=Value` or `stack:Name=Value`
 */
export async function labStacks(args: readonly string[], parameters: readonly string[], cwd: string): Promise<LabStack[]> {
  const stacks: LabStack[] = [];
  for (const each of args) {
    if (!/\.[cm]?[tj]s$/.test(each)) {
      const [, stackName, path = each] = /^([A-Za-z][A-Za-z0-9-]*)=(.*)$/.exec(each) ?? [];
      stacks.push({ file: resolve(cwd, path), stackName: stackName ?? defaultStackName(path), parameters: {} });
      continue;
    }
    const { exercise, systemTemplate, faults } = await loadExercise(each, cwd, undefined);
    const system = exercise.stack ?? defaultStackName(systemTemplate);
    stacks.push({ file: systemTemplate, stackName: system, parameters: {} });
    (exercise.faults ?? []).forEach((use, index) => {
      const fault = faults[index];
      if (fault) stacks.push({ file: fault.file, stackName: faultStackName(fault.name), parameters: faultParameters(use, system) });
    });
  }
  for (const each of parameters) {
    const stack = /^([A-Za-z][A-Za-z0-9-]*):/.exec(each)?.[1];
    if (stack !== undefined && !stacks.some(({ stackName }) => stackName === stack))
      throw new ProofloadError('usage', `--parameter ${each}: there is no stack ${stack}`, {
        hint: `stacks are: ${stacks.map(({ stackName }) => stackName).join(', ') || 'none'}`,
      });
  }
  return stacks.map((stack, index) => ({
    ...stack,
    parameters: { ...stack.parameters, ...given(stack.stackName, index, stacks.length, parameters) },
  }));
}

/** The values that the command line gives this stack; one without a stack's name goes to the last one. */
function given(stackName: string, index: number, count: number, parameters: readonly string[]): Record<string, string> {
  const values: Record<string, string> = {};
  for (const each of parameters) {
    const [, stack, name, value] = /^(?:([A-Za-z][A-Za-z0-9-]*):)?([A-Za-z0-9]+)=(.*)$/s.exec(each) ?? [];
    if (name === undefined || value === undefined) throw new ProofloadError('usage', `--parameter ${each} is not Name=Value or stack:Name=Value`);
    if (stack === undefined ? index === count - 1 : stack === stackName) values[name] = value;
  }
  return values;
}

/** Replaces `@Logical` and `@stack.Logical` by the physical names that `lookup` knows. */
export async function resolveReferences(
  parameters: Readonly<Record<string, string>>,
  defaultStack: string | undefined,
  lookup: (stack: string, logicalId: string) => Promise<string>,
): Promise<Record<string, string>> {
  const resolved: Record<string, string> = {};
  for (const [name, value] of Object.entries(parameters)) {
    const [, stack = defaultStack, logicalId] = /^@(?:([A-Za-z][A-Za-z0-9-]*)\.)?([A-Za-z0-9]+)$/.exec(value) ?? [];
    if (logicalId === undefined) resolved[name] = value;
    else if (stack === undefined) throw new ProofloadError('usage', `parameter ${name}: ${value} refers to a stack, and none was loaded before`);
    else resolved[name] = await lookup(stack, logicalId);
  }
  return resolved;
}

/** Where the numbers of the lab lie. */
export function configFolder(name: 'quotas' | 'latency' | 'prices'): string {
  return resolve(packageRoot(), 'config', name);
}
