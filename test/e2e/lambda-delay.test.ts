import { readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { Assessment } from '../../lib/grade/types.ts';
import { cli, fastLab, inRoot, removeScratch, reportIn, scratch } from './cli.ts';
import { exerciseIn } from './exercise-file.ts';

afterAll(removeScratch);

const delayMs = 1500;

/** Runs the fast checkout with place-order delayed; `extension` is the system's parameter FaultExtension. */
async function runDelayed(extension: 'attached' | 'none'): Promise<{ code: number | null; stdout: string; report: Assessment }> {
  const folder = scratch();
  const system = readFileSync(inRoot('scenarios/checkout/sync/template.yaml'), 'utf8')
    .replace('Default: attached', `Default: ${extension}`)
    .replace('CodeUri: ../functions/', `CodeUri: ${relative(folder, inRoot('scenarios/checkout/functions'))}/`);
  writeFileSync(join(folder, 'template.yaml'), system);
  const parameters = `{ FunctionName: resource('PlaceOrderFunction'), DelayMilliseconds: ${delayMs} }`;
  const fault = `{ use: '${inRoot('chaos/lambda-delay.yaml')}', durationSec: 180, parameters: ${parameters} }`;
  const changes = `system: './template.yaml', stack: 'checkout-sync', phases: { ...base.phases, recoveryMin: 1 }, faults: [${fault}],`;
  const { code, stdout, stderr } = await cli(['run', exerciseIn(folder, changes), '--site', fastLab, '--seed', extension], { cwd: folder });
  if (code === 1 || code === 2) throw new Error(stdout + stderr);
  return { code, stdout, report: reportIn(folder) };
}

describe('lambda-delay', () => {
  it('delays the function through the extension, proves it by what the function took, and leaves nothing to undo', async () => {
    const { code, stdout, report } = await runDelayed('attached');
    expect(code, stdout).toBe(0);
    const [fault] = report.faults;
    expect(fault?.probe).toMatchObject({ observed: true, value: { unit: 'ms' } });
    expect(fault?.undo).toMatchObject([{ outcome: 'already-restored' }]);
    const { effect, fis } = fault?.windows ?? {};
    // Of three minutes a slow poll of 20 s is the ramp.
    expect((effect?.endMs ?? 0) - (effect?.startMs ?? 0)).toBeGreaterThan(155_000);
    expect((effect?.startMs ?? 0) - (fis?.startMs ?? 0)).toBeGreaterThanOrEqual(20_000);
  });

  it('is invalid without the extension: FIS reports a completed experiment, and nothing happened', async () => {
    const { code, stdout, report } = await runDelayed('none');
    expect(code, stdout).toBe(4);
    expect(report.verdict).toBe('invalid');
    expect(report.warnings).toContainEqual(expect.objectContaining({ code: 'fault-not-observed', invalidates: true }));
    expect(stdout).not.toContain('fault-failed');
  });
});
