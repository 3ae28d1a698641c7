import { ProofloadError } from '../core/errors.ts';
import type { PhaseKind } from '../record/types.ts';
import { type CriteriaGroups, parseCriterion } from './criteria.ts';
import { parseSli } from './indicators/list.ts';

/** One objective, in Keptn's words; `phase` is ours. */
export interface Objective {
  readonly sli: string;
  readonly displayName: string;
  /** Empty: the objective only informs. */
  readonly pass: CriteriaGroups;
  readonly warning: CriteriaGroups;
  readonly weight: number;
  readonly keySli: boolean;
  /** The phase it is about; undefined: baseline and recovery, each for itself. */
  readonly phase: PhaseKind | undefined;
}

/** Which earlier runs relative criteria compare with, and how their values become one. */
export interface ComparisonRule {
  /** The newest so many. */
  readonly results: number;
  /** By their verdict. Keptn's `all` leaves nothing out; here what is invalid or without data is no result. */
  readonly include: 'pass' | 'pass_or_warn' | 'all';
  readonly aggregate: 'avg' | 'p50' | 'p90' | 'p95';
}

export interface Objectives {
  readonly objectives: readonly Objective[];
  readonly comparison: ComparisonRule;
  /** Percent of the highest possible score. */
  readonly totalScore: { readonly pass: number; readonly warning: number };
}

type Members = Readonly<Record<string, unknown>>;

const specVersions = ['1.0', '0.1.1'];
const phases = ['baseline', 'fault', 'recovery'] as const;

/**
 * Reads objectives in the grammar of Keptn's last SLO specification (1.0): spec_version, filter, comparison, objectives with pass, warning, weight and
 * key_sli, and total_score. Beyond it, an objective may name its `phase`.
 * @param where what to call the whole in errors, such as the exercise's file
 * @throws ProofloadError `bad-objectives` with the place, what is there and what may be there
 */
export function validateObjectives(unknown: unknown, where: string): Objectives {
  const file = membersOf(unknown, where, ['spec_version', 'filter', 'comparison', 'objectives', 'total_score']);
  if (!specVersions.includes(String(file['spec_version']))) {
    const found = file['spec_version'] === undefined ? 'is missing' : `is ${JSON.stringify(file['spec_version'])}`;
    throw bad(`${where}: spec_version ${found}`, `write spec_version: '1.0'`);
  }
  if (file['filter'] !== undefined) checkFilter(file['filter'], `${where}: filter`);
  const list = file['objectives'];
  if (!Array.isArray(list) || list.length === 0)
    throw bad(`${where}: objectives must be a list of at least one objective`, 'write - sli: latency_p95, say');
  return {
    objectives: list.map((each, index) => objectiveOf(each, `${where}: objectives[${index}]`)),
    comparison: comparisonOf(file['comparison'] ?? {}, `${where}: comparison`),
    totalScore: totalScoreOf(file['total_score'], `${where}: total_score`),
  };
}

function objectiveOf(unknown: unknown, where: string): Objective {
  const members = membersOf(unknown, where, ['sli', 'displayName', 'pass', 'warning', 'weight', 'key_sli', 'phase']);
  const { sli, displayName, weight = 1, key_sli: keySli = false, phase } = members;
  if (typeof sli !== 'string' || sli === '') throw bad(`${where}.sli must name an indicator`, 'such as sli: latency_p95');
  parseSli(sli, `${where}.sli`);
  if (displayName !== undefined && typeof displayName !== 'string')
    throw bad(`${where}.displayName must be a text`, 'leave it out to show the indicator');
  if (typeof weight !== 'number' || !Number.isFinite(weight) || weight < 0)
    throw bad(`${where}.weight is ${JSON.stringify(weight)}`, 'write a number, 0 or more');
  if (typeof keySli !== 'boolean') throw bad(`${where}.key_sli is ${JSON.stringify(keySli)}`, 'write true or false');
  if (phase !== undefined && !phases.some((each) => each === phase))
    throw bad(
      `${where}.phase is ${JSON.stringify(phase)}`,
      `use one of ${phases.join(', ')}; without it, baseline and recovery (the warm-up is never graded)`,
    );
  return {
    sli,
    displayName: displayName ?? sli,
    pass: criteriaOf(members['pass'], `${where}.pass`),
    warning: criteriaOf(members['warning'], `${where}.warning`),
    weight,
    keySli,
    phase: phase as PhaseKind | undefined,
  };
}

function criteriaOf(unknown: unknown, where: string): CriteriaGroups {
  if (unknown === undefined) return [];
  if (!Array.isArray(unknown)) throw bad(`${where} must be a list`, 'write - criteria: ["<600"]; its entries are alternatives');
  return unknown.map((entry, index) => {
    const at = `${where}[${index}]`;
    const { criteria } = membersOf(entry, at, ['criteria']);
    if (!Array.isArray(criteria) || criteria.length === 0)
      throw bad(`${at}.criteria must be a list of at least one text`, 'such as ["<600"]; all of them must hold');
    return criteria.map((text, position) => parseCriterion(text, `${at}.criteria[${position}]`));
  });
}

function totalScoreOf(unknown: unknown, where: string): Objectives['totalScore'] {
  const { pass = '90%', warning = '75%' } = unknown === undefined ? {} : membersOf(unknown, where, ['pass', 'warning']);
  const score = { pass: percentOf(pass, `${where}.pass`), warning: percentOf(warning, `${where}.warning`) };
  if (score.warning > score.pass)
    throw bad(`${where}.warning (${score.warning} %) is above pass (${score.pass} %)`, 'a warning needs less than a pass');
  return score;
}

function percentOf(unknown: unknown, where: string): number {
  const [, digits] = /^\s*(\d+(?:\.\d+)?)\s*%?\s*$/.exec(String(unknown)) ?? [];
  if (digits === undefined || Number(digits) > 100)
    throw bad(`${where} is ${JSON.stringify(unknown)}`, 'write a share of the highest score from 0% to 100%');
  return Number(digits);
}

function checkFilter(unknown: unknown, where: string): void {
  for (const [key, value] of Object.entries(membersOf(unknown, where)))
    if (typeof value !== 'string') throw bad(`${where}.${key} must be a text`, 'a filter is a list of names and texts');
}

/** Keptn's defaults: one earlier result, of any verdict, the average of several; three where several are asked for without a number. */
function comparisonOf(unknown: unknown, where: string): ComparisonRule {
  const members = membersOf(unknown, where, ['compare_with', 'include_result_with_score', 'number_of_comparison_results', 'aggregate_function']);
  const oneOf = <Value extends string>(key: string, values: readonly [Value, ...Value[]]): Value => {
    const found = members[key] ?? values[0];
    const known = values.find((value) => value === found);
    if (known === undefined) throw bad(`${where}.${key} is ${JSON.stringify(found)}`, `use one of ${values.join(', ')}`);
    return known;
  };
  const several = oneOf('compare_with', ['single_result', 'several_results']) === 'several_results';
  const results = members['number_of_comparison_results'] ?? 3;
  if (!Number.isInteger(results) || Number(results) < 1)
    throw bad(`${where}.number_of_comparison_results is ${JSON.stringify(results)}`, 'write a whole number, 1 or more');
  return {
    results: several ? Number(results) : 1,
    include: oneOf('include_result_with_score', ['all', 'pass', 'pass_or_warn']),
    aggregate: oneOf('aggregate_function', ['avg', 'p50', 'p90', 'p95']),
  };
}

function membersOf(unknown: unknown, where: string, known?: readonly string[]): Members {
  if (typeof unknown !== 'object' || unknown === null || Array.isArray(unknown))
    throw bad(`${where} must be an object`, known ? `with the members ${known.join(', ')}` : 'of names and texts');
  const stranger = known && Object.keys(unknown).find((key) => !known.includes(key));
  if (stranger !== undefined) throw bad(`${where} has a member ${stranger}, which is not known`, `known are: ${known?.join(', ')}`);
  return unknown as Members;
}

function bad(message: string, hint: string): ProofloadError {
  return new ProofloadError('bad-objectives', message, { hint });
}
