import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Numbers } from '../../../core/numbers.ts';
import { packageRoot } from '../../../core/package-root.ts';
import { seededRng } from '../../../core/rng.ts';
import { PhysicalNames } from './physical-names.ts';
import { typedProperties } from './property-types.ts';

const names = new PhysicalNames(Numbers.fromFolder(join(packageRoot(), 'config/quotas')), seededRng('test'));

it('never exceeds what the service takes, keeps both ends, and differs each time', () => {
  const name = fc.stringMatching(/^[A-Za-z][A-Za-z0-9]{0,127}$/);
  fc.assert(
    fc.property(name, name, (stack, logicalId) => {
      const [first, second] = [1, 2].map(() => String(names.withName('AWS::Lambda::Function', stack, logicalId, {})['FunctionName']));
      expect(first).not.toBe(second);
      expect(first?.length).toBeLessThanOrEqual(64);
      const [one = '', two = ''] = first?.split('-') ?? [];
      expect(one !== '' && two !== '' && stack.startsWith(one) && logicalId.startsWith(two)).toBe(true);
    }),
  );
});

it('leaves given names and types without names alone', () => {
  expect(names.withName('AWS::Lambda::Function', 's', 'F', { FunctionName: 'mine' })).toEqual({ FunctionName: 'mine' });
  expect(names.withName('AWS::FIS::ExperimentTemplate', 's', 'F', {})).toEqual({});
});

it('gives properties the types that their resource has', () => {
  expect(
    typedProperties('AWS::CloudWatch::Alarm', { Threshold: '10', Period: 60, Dimensions: [{ Name: 'A', Value: 1 }], ActionsEnabled: 'false' }),
  ).toEqual({
    Threshold: 10,
    Period: 60,
    Dimensions: [{ Name: 'A', Value: '1' }],
    ActionsEnabled: false,
  });
  expect(typedProperties('AWS::Lambda::Function', { Environment: { Variables: { A: 1, B: true } }, Timeout: '7' })).toEqual({
    Environment: { Variables: { A: '1', B: 'true' } },
    Timeout: 7,
  });
  expect(typedProperties('AWS::Unknown::Type', { Size: '3' })).toEqual({ Size: '3' });
});
