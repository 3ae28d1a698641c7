import { afterAll, expect, it } from 'vitest';
import { brokenSagaIn } from './broken-saga.ts';
import { cli, fastLab, inRoot, removeScratch, reportIn, scratch } from './cli.ts';
import { exerciseIn } from './exercise-file.ts';

afterAll(removeScratch);

it('catches a saga with a missing Catch and a missing idempotency key, by the ids of the orders', async () => {
  const folder = scratch();
  const exercise = exerciseIn(
    folder,
    `
  system: '${brokenSagaIn(folder)}',
  invariants: '${inRoot('scenarios/checkout/invariants.ts')}',
  drainLimitSec: 600,
  phases: { ...base.phases, recoveryMin: 1 },
  faults: [
    { use: 'payment-delay', durationSec: 60, parameters: { ParameterName: resource('PaymentConduct'), ProviderFunctionName: resource('PaymentProviderFunction'), DelayMs: 4000 } },
    { use: 'label-outage', durationSec: 120, parameters: { ParameterName: resource('LabelConduct'), ProviderFunctionName: resource('LabelProviderFunction') } },
  ],
`,
  );
  const { code, stdout, stderr, folder: reports } = await cli(['run', exercise, '--site', fastLab, '--seed', 'broken-saga']);
  expect(code, stdout + stderr).toBe(3);
  const report = reportIn(reports);
  const of = (name: string) => report.integrity?.invariants.find((each) => each.name === name);
  for (const name of ['one-charge-an-order', 'orders-end', 'no-open-reservation']) {
    expect(of(name)?.violations, name).toBeGreaterThan(0);
  }
  expect(of('no-oversell')?.violations).toBe(0);
  expect(JSON.stringify(of('orders-end'))).toMatch(/o-[0-9a-f]{24}.*its workflow FAILED \(LabelUnavailable\)/);
  expect(JSON.stringify(of('one-charge-an-order'))).toMatch(/o-[0-9a-f]{24}.*2 charges/);
});
