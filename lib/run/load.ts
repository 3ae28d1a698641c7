import { existsSync } from 'node:fs';
import { basename, dirname, extname, join, relative, resolve } from 'node:path';
import { ProofloadError } from '../core/errors.ts';
import { packageRoot } from '../core/package-root.ts';
import { defaultComparison } from '../grade/compare/compare.ts';
import { differenceKinds } from '../grade/compare/differences.ts';
import { checkTypes, loadModule } from './compile.ts';
import type { Exercise, ExerciseSetting } from './exercise.ts';
import { type InvariantModule, loadInvariants } from './invariants.ts';

/** An exercise with its files found: every path is absolute, and the setting is applied. */
export interface LoadedExercise {
  readonly file: string;
  readonly exercise: Exercise;
  readonly setting: string | undefined;
  readonly systemTemplate: string;
  readonly dataFile: string | undefined;
  /** What must hold after the run; undefined where the exercise names no invariants. */
  readonly integrity: InvariantModule | undefined;
  readonly flows: readonly { readonly name: string; readonly file: string }[];
  readonly faults: readonly { readonly name: string; readonly file: string }[];
}

/**
 * Reads an exercise: type-checked with its flows, data and invariants, evaluated, its files found. Nothing outside this process is touched.
 * @throws ProofloadError `no-exercise`, `type-error`, `cannot-load`, `bad-exercise`, `bad-invariants`, `unknown-setting`, `no-file`
 */
export async function loadExercise(path: string, cwd: string, setting: string | undefined): Promise<LoadedExercise> {
  const file = resolve(cwd, path);
  if (!existsSync(file))
    throw new ProofloadError('no-exercise', `no exercise at ${path}`, {
      hint: 'give the path of a run file, such as scenarios/checkout/exercises/smoke.ts',
    });
  await checkTypes([file], cwd);
  const exercise = applySetting(asExercise(await loadModule(file, cwd), relative(cwd, file)), setting);
  checkValues(exercise, relative(cwd, file));
  const folder = dirname(file);
  const find = (what: string, each: string): string => existing(what, resolve(folder, each), cwd);
  const invariantsFile = exercise.invariants === undefined ? undefined : find('invariants', exercise.invariants);
  const loaded = {
    file,
    exercise,
    setting,
    systemTemplate: find('system', exercise.system),
    dataFile: exercise.data === undefined ? undefined : find('data', exercise.data),
    flows: exercise.traffic.map((each) => ({ name: each.name, file: find('flow', each.flow) })),
    faults: (exercise.faults ?? []).map((each) => faultFile(each.use, folder, cwd)),
  };
  const others = [loaded.dataFile, invariantsFile].filter((each) => each !== undefined);
  await checkTypes([...loaded.flows.map((flow) => flow.file), ...others], cwd);
  return { ...loaded, integrity: invariantsFile === undefined ? undefined : await loadInvariants(invariantsFile, cwd) };
}

/** What every exercise declares; the compiler has seen to it in TypeScript, not in JavaScript. */
const members = ['name', 'hypothesis', 'system', 'traffic', 'phases', 'objectives', 'businessTransaction'] as const;

function asExercise(module: Record<string, unknown>, where: string): Exercise {
  const exercise = module['default'] as Exercise | undefined;
  const refuse = (what: string): never => {
    throw new ProofloadError('bad-exercise', `${where}: ${what}`, { hint: 'see docs/adding-a-scenario.md for what an exercise declares' });
  };
  if (typeof exercise !== 'object' || exercise === null) return refuse('has no default export; write `export default defineExercise({ ... })`');
  const missing = members.find((member) => exercise[member] === undefined);
  if (missing) refuse(`has no ${missing}`);
  return exercise;
}

/** What the types cannot say, of the exercise as it runs: with its setting applied. */
function checkValues({ traffic, faults = [], phases, drainLimitSec = 0, mayDiffer = [], gate = {} }: Exercise, where: string): void {
  const refuse = (what: string): never => {
    throw new ProofloadError('bad-exercise', `${where}: ${what}`, { hint: 'see docs/adding-a-scenario.md for what an exercise declares' });
  };
  if (!traffic?.length) refuse('has no traffic');
  const twice = (names: readonly string[]): string | undefined => names.find((name, index) => names.indexOf(name) !== index);
  const flow = twice(traffic.map(({ name }) => name));
  if (flow !== undefined) refuse(`two flows have the same name, ${flow}`);
  // By its name, which its stack and its experiment go by, wherever its template lies.
  const fault = twice(faults.map(({ use }) => faultName(use)));
  if (fault !== undefined) refuse(`fault ${fault} is there twice; it changes one setting of one resource`);
  for (const each of traffic) if (!(each.longestFlowSec > 0)) refuse(`flow ${each.name}: longestFlowSec must be above 0`);
  for (const each of faults) if (!(each.durationSec > 0)) refuse(`fault ${each.use}: durationSec must be above 0`);
  if (!Number.isFinite(phases.warmUpSec) || phases.warmUpSec < 0) refuse(`phases.warmUpSec is ${phases.warmUpSec}: write seconds, 0 or more`);
  if (!Number.isFinite(drainLimitSec) || drainLimitSec < 0) refuse(`drainLimitSec is ${drainLimitSec}: write seconds, 0 or more`);
  const kinds = Object.keys(differenceKinds);
  const stranger = mayDiffer.find((kind) => !kinds.includes(kind));
  if (stranger !== undefined) refuse(`mayDiffer has ${JSON.stringify(stranger)}, which is none of ${kinds.join(', ')}`);
  const { significance, ...percents } = { ...defaultComparison, ...gate };
  if (!(significance > 0 && significance < 1)) refuse(`gate.significance is ${significance}: write a probability between 0 and 1`);
  for (const [name, value] of Object.entries(percents)) {
    if (!Object.hasOwn(defaultComparison, name)) refuse(`gate has ${name}, which is none of ${Object.keys(defaultComparison).join(', ')}`);
    if (!Number.isFinite(value) || value < 0) refuse(`gate.${name} is ${value}: write percent, 0 or more`);
  }
  for (const name of ['baselineMin', 'recoveryMin'] as const) {
    if (!Number.isInteger(phases[name]) || phases[name] < 0)
      refuse(`phases.${name} is ${phases[name]}: CloudWatch counts by the minute, so a phase has whole minutes`);
  }
}

function applySetting(exercise: Exercise, setting: string | undefined): Exercise {
  if (setting === undefined) return exercise;
  const known = exercise.settings ?? {};
  const chosen: ExerciseSetting | undefined = Object.hasOwn(known, setting) ? known[setting] : undefined;
  if (chosen) return { ...exercise, ...chosen };
  throw new ProofloadError('unknown-setting', `exercise ${exercise.name} has no setting ${setting}`, {
    hint: `it has: ${Object.keys(known).join(', ') || 'none'}`,
  });
}

function faultName(use: string): string {
  return basename(use, extname(use));
}

/** A fault's template by name (`chaos/<name>.yaml` of the folder, then of proofload) or by path. */
function faultFile(use: string, folder: string, cwd: string): { name: string; file: string } {
  const isPath = /[/\\]|\.(ya?ml|json)$/.test(use);
  const places = isPath ? [resolve(folder, use)] : [cwd, packageRoot()].map((root) => join(root, 'chaos', `${use}.yaml`));
  const file = places.find((place) => existsSync(place));
  if (!file)
    throw new ProofloadError('no-file', `no fault ${use}`, { hint: `looked for ${places.map((place) => relative(cwd, place)).join(' and ')}` });
  return { name: faultName(use), file };
}

function existing(what: string, path: string, cwd: string): string {
  if (existsSync(path)) return path;
  throw new ProofloadError('no-file', `${what}: no file ${relative(cwd, path)}`, { hint: 'paths are relative to the exercise file' });
}
