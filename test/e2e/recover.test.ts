import { existsSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { DeleteExperimentTemplateCommand, ListExperimentTemplatesCommand } from '@aws-sdk/client-fis';
import { DeleteParameterCommand, GetParametersByPathCommand } from '@aws-sdk/client-ssm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cli, fastLab, inRoot, type Lab, removeScratch, reportIn, startCli, startLabProcess } from './cli.ts';
import { functionName, type RunInFault, reserve, reservedConcurrency, runIntoFault } from './mid-run.ts';
import { isAlive, processesWith, until } from './processes.ts';

afterAll(removeScratch);

/** Ends a run as a crash or the OOM killer would, and takes its evidence away. */
async function killed(run: RunInFault): Promise<void> {
  process.kill(run.pid, 'SIGKILL');
  await run.finished;
  rmSync(join(run.folder, 'reports'), { recursive: true });
  await until('k6 and the lab have ended', () => !isAlive(run.k6) && (run.lab === undefined || !isAlive(run.lab)), 10_000);
  expect(processesWith(basename(run.folder))).toEqual([]);
}

describe('a run that was killed in its own lab', () => {
  it('leaves neither a lab nor a k6 behind', async () => {
    const run = await runIntoFault('long-throttle', fastLab);
    expect(run.lab).toBeDefined();
    await killed(run);
  });

  it('needs no recovery, and recover says so', async () => {
    const { code, stdout } = await cli(['recover', '--site', fastLab]);
    expect(code).toBe(0);
    expect(stdout).toContain('nothing to recover');
  });
});

describe('a lab that goes on without its run', () => {
  let lab: Lab;
  const names = { placeOrder: '', createCart: '', getOrder: '' };
  const recover = (...options: string[]) => cli(['recover', '--site', lab.endpoint, ...options]);

  beforeAll(async () => {
    const [noRestore, throttle] = ['test/faults/no-restore.yaml', 'chaos/lambda-throttle.yaml'].map(inRoot);
    const stacks = { 'long-no-restore': noRestore, 'short-no-restore': noRestore, 'cart-throttle': throttle };
    const parameters = [
      ...['long-no-restore:DurationSeconds=600', 'short-no-restore:DurationSeconds=180', 'cart-throttle:DurationSeconds=180'],
      ...['long-no-restore', 'short-no-restore'].map((stack) => `${stack}:FunctionName=@checkout-sync.PlaceOrderFunction`),
      ...['cart-throttle:FunctionName=@checkout-sync.CreateCartFunction', 'cart-throttle:ReservedConcurrency=2'],
    ];
    lab = await startLabProcess([
      inRoot('test/exercises/long-throttle.ts'),
      ...Object.entries(stacks).map(([name, file]) => `${name}=${file}`),
      ...parameters.flatMap((each) => ['--parameter', each]),
    ]);
    names.placeOrder = await functionName(lab, 'PlaceOrderFunction');
    names.createCart = await functionName(lab, 'CreateCartFunction');
    names.getOrder = await functionName(lab, 'GetOrderFunction');
  });
  afterAll(async () => void (await lab.stop()));

  it('is put back from nothing but the site: no reserved concurrency was found', async () => {
    await killed(await runIntoFault('long-throttle', lab.endpoint));
    expect(await reservedConcurrency(lab, names.placeOrder)).toBe(1);
    const first = await recover();
    expect(first.code, first.stdout).toBe(0);
    expect(first.stdout).toContain(names.placeOrder);
    expect(existsSync(join(first.folder, 'reports'))).toBe(false);
    expect(await reservedConcurrency(lab, names.placeOrder)).toBeUndefined();
    const second = await recover();
    expect(second).toMatchObject({ code: 0, stdout: expect.stringContaining('Nothing is left behind') });
  });

  it('is put back by proofload where the fault’s document does not: 7 was found', async () => {
    await reserve(lab, names.placeOrder, 7);
    await killed(await runIntoFault('long-no-restore', lab.endpoint));
    expect(await reservedConcurrency(lab, names.placeOrder)).toBe(1);
    const { code, stdout } = await recover('--json');
    expect(code, stdout).toBe(0);
    const undone = [expect.objectContaining({ resource: names.placeOrder, outcome: 'restored' })];
    expect(JSON.parse(stdout)).toEqual({ clean: true, undone });
    expect(await reservedConcurrency(lab, names.placeOrder)).toBe(7);
    expect(JSON.parse((await recover('--json')).stdout)).toEqual({ clean: true, undone: [] });
  });

  it('is not put back where AWS refuses it or somebody else changed it; the run and recover say what to do', async () => {
    await reserve(lab, names.placeOrder, 800);
    const run = await runIntoFault('two-faults', lab.endpoint);
    await until(
      'both faults are in effect',
      async () => (await reservedConcurrency(lab, names.placeOrder)) === 1 && (await reservedConcurrency(lab, names.createCart)) === 2,
    );
    await reserve(lab, names.createCart, 5);
    // 100 must stay unreserved of the account's 1,000: with this, 800 are not there any more.
    await reserve(lab, names.getOrder, 150);
    const { code, stdout } = await run.finished;
    expect(code, stdout).toBe(6);
    const [cart, order] = reportIn(run.folder).faults.map(({ undo }) => undo);
    expect(cart).toEqual([
      expect.objectContaining({ resource: 'CreateCartFunction', outcome: 'changed-by-other', detail: expect.stringContaining('left alone') }),
    ]);
    const command = `aws lambda put-function-concurrency --function-name ${names.placeOrder} --reserved-concurrent-executions 800`;
    expect(order).toEqual([
      expect.objectContaining({ resource: 'PlaceOrderFunction', outcome: 'failed', command: expect.stringContaining(command) }),
    ]);
    expect(order?.[0]?.detail).toContain('UnreservedConcurrentExecution');
    expect(stdout).toContain(names.createCart);
    expect(stdout.replaceAll(/\s+/g, ' ')).toContain(command);
    expect(await reservedConcurrency(lab, names.createCart)).toBe(5);

    await reserve(lab, names.getOrder, undefined);
    const recovered = await recover();
    expect(recovered.code, recovered.stdout).toBe(6);
    expect(await reservedConcurrency(lab, names.placeOrder)).toBe(800);
    expect(recovered.stdout).toMatch(new RegExp(`changed-by-other +${names.createCart}`));
    const [, place = ''] = /aws ssm delete-parameter --name (\S+)/.exec(recovered.stdout) ?? [];
    await lab.clients.ssm.send(new DeleteParameterCommand({ Name: place }));
    const kept = await lab.clients.ssm.send(new GetParametersByPathCommand({ Path: '/proofload/undo', Recursive: true }));
    expect(kept.Parameters).toEqual([]);
    expect((await recover()).stdout).toContain('Nothing is left behind');
    expect(await reservedConcurrency(lab, names.createCart)).toBe(5);
  });

  it('gets no fault whose experiment template vanished after the preview; the run ends and says so', async () => {
    const run = startCli(['run', inRoot('test/exercises/long-throttle.ts'), '--site', lab.endpoint]);
    await run.until(/baseline/);
    const { experimentTemplates = [] } = await lab.clients.fis.send(new ListExperimentTemplatesCommand({}));
    const template = experimentTemplates.find(({ tags }) => tags?.['proofload:stack'] === 'lambda-throttle');
    await lab.clients.fis.send(new DeleteExperimentTemplateCommand({ id: template?.id }));
    const { code, stdout } = await run.finished;
    expect(code, stdout).toBe(4);
    const report = reportIn(run.folder);
    expect(report.reasons.join('\n')).toMatch(/fault lambda-throttle could not be started: .*was not found/);
    expect(report.faults[0]?.undo).toEqual([expect.objectContaining({ outcome: 'already-restored' })]);
  });
});
