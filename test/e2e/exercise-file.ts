import { writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { inRoot } from './cli.ts';

/**
 * Writes the fast checkout as an exercise of its own into `folder`, the way a user has one outside of this repository.
 * @param changes members of the exercise in TypeScript, which replace those of the fast checkout; `base` is the checkout
 * @param imports further import lines
 */
export function exerciseIn(folder: string, changes = '', imports = ''): string {
  const file = join(folder, 'exercise.ts');
  const text = `import { defineExercise, type Exercise, resource } from 'proofload';
import { fastCheckout, placeOrderThrottled } from '${relative(folder, inRoot('test/exercises/checkout.ts'))}';
${imports}

const at = (path: string): string => \`${inRoot('test/exercises')}/\${path}\`;
const base: Exercise = {
  ...fastCheckout,
  system: at(fastCheckout.system),
  data: at(fastCheckout.data ?? ''),
  traffic: fastCheckout.traffic.map((each) => ({ ...each, flow: at(each.flow) })),
};
const withFault = (changes: Partial<typeof placeOrderThrottled>): Partial<Exercise> => ({
  phases: { ...base.phases, recoveryMin: 1 },
  faults: [{ ...placeOrderThrottled, ...changes }],
});

export default defineExercise({ ...base, ${changes} });
void [resource, withFault];
`;
  writeFileSync(file, text);
  return file;
}
