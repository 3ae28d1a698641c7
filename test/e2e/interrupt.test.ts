import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { SetAlarmStateCommand } from '@aws-sdk/client-cloudwatch';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cli, fastLab, inRoot, type Lab, removeScratch, reportIn, scratch, startCli, startLabProcess } from './cli.ts';
import { functionName, journalIn, type RunInFault, reserve, reservedConcurrency, runIntoFault } from './mid-run.ts';
import { isAlive, processesWith, until } from './processes.ts';

afterAll(removeScratch);

/** Neither a lab nor a k6 of the run is left; both may need a moment to see that the run is gone. */
async function expectEnded({ folder, k6, lab }: RunInFault): Promise<void> {
  await until('k6 and the lab have ended', () => !isAlive(k6) && (lab === undefined || !isAlive(lab)), 10_000);
  expect(processesWith(basename(folder))).toEqual([]);
}

describe('a run in its own lab', () => {
  it('leaves nothing behind when it is interrupted before the traffic', async () => {
    const folder = scratch();
    const args = ['run', inRoot('test/exercises/long-throttle.ts'), '--site', fastLab, '--seed', basename(folder)];
    const run = startCli(args, { cwd: folder });
    await run.until(/starting the lab/);
    run.child.kill('SIGINT');
    const { code, stderr } = await run.finished;
    expect(code, stderr).toBe(130);
    expect(stderr).toContain('interrupted before any traffic was sent; no fault was started');
    expect(readdirSync(join(folder, 'reports'))).toEqual([]);
    expect(processesWith(basename(folder))).toEqual([]);
  });

  it('undoes the fault and reports what there is when k6 is killed; --json prints one object', async () => {
    const run = await runIntoFault('long-throttle', fastLab, ['--json']);
    process.kill(run.k6, 'SIGKILL');
    const { code, stdout } = await run.finished;
    expect(code).toBe(4);
    const printed = JSON.parse(stdout) as ReturnType<typeof reportIn>;
    expect(printed).toEqual(JSON.parse(JSON.stringify(reportIn(run.folder))));
    expect(printed).toMatchObject({ verdict: 'invalid', exitCode: 4 });
    expect(printed.reasons.join('\n')).toContain('k6 was killed (SIGKILL)');
    expect(printed.phases.find(({ phase }) => phase === 'baseline')?.requests).toBeGreaterThan(50);
    expect(printed.faults[0]?.undo).toEqual([expect.objectContaining({ outcome: 'already-restored' })]);
    await expectEnded(run);
  });

  it('reports what there is when its lab is killed, and says that nothing is left to restore', async () => {
    const run = await runIntoFault('long-throttle', fastLab);
    process.kill(run.lab ?? 0, 'SIGKILL');
    const { code, stdout } = await run.finished;
    expect(code, stdout).toBe(4);
    expect(stdout).toMatch(/INVALID[\s\S]*the lab was ended by SIGKILL[\s\S]*nothing is left to restore/);
    const report = reportIn(run.folder);
    expect(report).toMatchObject({ verdict: 'invalid', exitCode: 4 });
    expect(report.phases.find(({ phase }) => phase === 'baseline')?.requests).toBeGreaterThan(50);
    await expectEnded(run);
  });

  it('leaves at once at the second Ctrl-C, and its lab with the fault in it ends too', async () => {
    const run = await runIntoFault('long-throttle', fastLab);
    run.child.kill('SIGINT');
    await run.until(/Stopping: /);
    run.child.kill('SIGINT');
    const { code, stderr } = await run.finished;
    expect(code, stderr).toBe(130);
    expect(stderr).toContain('Left at once; nothing is left behind.');
    await expectEnded(run);
  });
});

describe('a run in a lab that goes on without it', () => {
  let lab: Lab;
  let placeOrder: string;
  beforeAll(async () => {
    lab = await startLabProcess([inRoot('test/exercises/long-throttle.ts')]);
    placeOrder = await functionName(lab, 'PlaceOrderFunction');
    await reserve(lab, placeOrder, 7);
  });
  afterAll(async () => void (await lab.stop()));

  it('stops and undoes the fault at the first Ctrl-C, and reports what there is', async () => {
    const run = await runIntoFault('long-throttle', lab.endpoint);
    expect(await reservedConcurrency(lab, placeOrder)).toBe(1);
    run.child.kill('SIGINT');
    const { code, stdout } = await run.finished;
    expect(code, stdout).toBe(130);
    expect(await reservedConcurrency(lab, placeOrder)).toBe(7);
    expect(stdout).toMatch(/INVALID[\s\S]*interrupted/);
    const report = reportIn(run.folder);
    expect(report.faults[0]?.undo).toEqual([expect.objectContaining({ outcome: 'already-restored' })]);
    expect(report.phases.map(({ phase }) => phase)).toEqual(['warm-up', 'baseline', 'fault']);
    await expectEnded(run);
  });

  it('ends with exit code 5 when an alarm on the site stopped the fault before the run would have', async () => {
    const run = await runIntoFault('long-throttle', lab.endpoint);
    const stopAlarm = journalIn(run.folder).flatMap((event) => (event.kind === 'alarm' ? [event.name] : []))[0] ?? '';
    const brake = (StateValue: 'ALARM' | 'OK') =>
      lab.clients.cloudwatch.send(new SetAlarmStateCommand({ AlarmName: stopAlarm, StateValue, StateReason: 'pulled by somebody, or let go' }));
    await brake('ALARM');
    const { code, stdout } = await run.finished;
    await brake('OK');
    expect(code, stdout).toBe(5);
    expect(await reservedConcurrency(lab, placeOrder)).toBe(7);
    const journal = journalIn(run.folder);
    expect(journal.find(({ kind }) => kind === 'stopped')).toMatchObject({ by: 'stop-condition', detail: expect.stringMatching(/stop condition/i) });
    expect(journal.find(({ kind }) => kind === 'undone')).toMatchObject({ afterMs: expect.any(Number) });
    expect(reportIn(run.folder)).toMatchObject({ exitCode: 5, phases: [{ phase: 'warm-up' }, { phase: 'baseline' }, { phase: 'fault' }] });
    await expectEnded(run);
  });

  it('leaves at once at the second Ctrl-C, with what may be left and how to restore it', async () => {
    const run = await runIntoFault('long-throttle', lab.endpoint);
    run.child.kill('SIGINT');
    await run.until(/Stopping: /);
    run.child.kill('SIGINT');
    const { code, stderr } = await run.finished;
    expect(code, stderr).toBe(6);
    expect(stderr).toContain(`${placeOrder}: lambda:reserved-concurrency was 7`);
    expect(stderr).toContain(`proofload recover --site ${lab.endpoint}`);
    expect(readdirSync(join(run.folder, 'reports'))).toHaveLength(1);
    await expectEnded(run);
    expect((await cli(['recover', '--site', lab.endpoint])).code).toBe(0);
    expect(await reservedConcurrency(lab, placeOrder)).toBe(7);
  });

  it('lists what may be left, with the command, when the lab vanishes', async () => {
    const run = await runIntoFault('long-throttle', lab.endpoint);
    lab.cli.child.kill('SIGKILL');
    const { code, stdout } = await run.finished;
    expect(code, stdout).toBe(6);
    const command = `aws lambda put-function-concurrency --function-name ${placeOrder} --reserved-concurrent-executions 7 --region us-east-1 --endpoint-url ${lab.endpoint}`;
    expect(stdout.replaceAll(/\s+/g, ' ')).toContain(command);
    expect(stdout).toContain('stopped answering during the run');
    expect(reportIn(run.folder)).toMatchObject({ verdict: 'invalid', exitCode: 6 });
    expect(journalIn(run.folder)).toContainEqual(expect.objectContaining({ kind: 'undo', resource: placeOrder, outcome: 'failed' }));
    await expectEnded(run);
  });
});
