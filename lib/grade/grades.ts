import { parseSli } from './indicators/list.ts';
import { integrityFindings } from './integrity.ts';
import type { Grade, GradeCategory, GradeLetter, Integrity, ObjectiveResult } from './types.ts';

/** Share of the weight, in percent, from which on a letter is given; a warning counts half, as in the score. */
const steps: readonly (readonly [GradeLetter, number])[] = [
  ['A', 100],
  ['B', 90],
  ['C', 75],
  ['D', 60],
  ['E', 40],
  ['F', 0],
];

/** The rule in a sentence, as reports print it. */
const gradeRule = `A when every objective is met, ${steps
  .slice(1, -1)
  .map(([letter, percent]) => `${letter} from ${percent} %`)
  .join(', ')} of their weight (a warning counts half), F below, and F when a key objective or an invariant failed`;

const gradeCategories: readonly GradeCategory[] = ['latency', 'throttling', 'cost', 'recovery', 'integrity'];

/**
 * A grade for each category. An objective of the recovery phase is about recovery, whatever it measures; any other belongs to its indicator's category.
 * One without data leaves its category without a letter: what is not known is not graded.
 */
export function gradesOf(results: readonly ObjectiveResult[], integrity: Integrity | undefined): Grade[] {
  return gradeCategories.map((category) => {
    const objectives = results.flatMap((result, index) => (result.status !== 'info' && categoryOf(result) === category ? [index] : []));
    const own = objectives.flatMap((index) => results[index] ?? []);
    return category === 'integrity' ? integrityGrade(integrity, own, objectives) : gradeOf(category, own, objectives);
  });
}

function categoryOf({ sli, phase }: ObjectiveResult): GradeCategory {
  const { category } = parseSli(sli, 'objectives').indicator;
  return phase === 'recovery' && category !== 'integrity' ? 'recovery' : category;
}

function gradeOf(category: GradeCategory, own: readonly ObjectiveResult[], objectives: readonly number[]): Grade {
  const unknown = own.find(({ status }) => status === 'no-data');
  if (unknown) return { category, rule: `not graded: there is no data for ${unknown.displayName || unknown.sli}`, objectives };
  const weight = own.reduce((sum, each) => sum + each.weight, 0);
  if (weight === 0) return { category, rule: 'not graded: no objective asks for it', objectives };
  const percent = (own.reduce((sum, { score }) => sum + score, 0) / weight) * 100;
  const key = own.find(({ keySli, status }) => keySli && status === 'fail');
  const letter = key ? 'F' : (steps.find(([, from]) => percent >= from - 1e-9)?.[0] ?? 'F');
  return { category, letter, percent, rule: key ? `F: the key objective ${key.displayName || key.sli} failed` : gradeRule, objectives };
}

/** Integrity has no middle: what was promised of the data holds, or it does not. */
function integrityGrade(integrity: Integrity | undefined, own: readonly ObjectiveResult[], objectives: readonly number[]): Grade {
  const category = 'integrity';
  if (!integrity) return gradeOf(category, own, objectives);
  const { violated, unknown } = integrityFindings(integrity);
  if (violated.length > 0) return { category, letter: 'F', percent: 0, rule: `F: ${violated.join('; ')}`, objectives };
  if (unknown.length > 0) return { category, rule: `not graded: ${unknown.join('; ')}`, objectives };
  const count = integrity.invariants.length;
  return { category, letter: 'A', percent: 100, rule: `A: ${count === 1 ? 'the invariant holds' : `all ${count} invariants hold`}`, objectives };
}
