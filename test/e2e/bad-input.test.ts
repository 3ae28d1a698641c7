import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cacheFolderOf } from '../../lib/traffic/k6/find.ts';
import { cli, type Finished, fastLab, inRoot, type Lab, removeScratch, scratch, startLabProcess } from './cli.ts';
import { exerciseIn } from './exercise-file.ts';
import { processesWith } from './processes.ts';

afterAll(removeScratch);

/** Where k6 lies, for cases that change HOME. */
const k6Cache = cacheFolderOf(process.env);

interface Attempt {
  readonly command?: string;
  readonly site?: string;
  /** Members of the exercise, in TypeScript. */
  readonly exercise?: string;
  readonly imports?: string;
  readonly options?: readonly string[];
  readonly env?: Record<string, string>;
}

/** Runs a command on an exercise in a folder of its own, and asserts that it refused: exit code 2, and nothing left of it. */
async function refused({ command = 'run', site = fastLab, exercise = '', imports = '', options = [], env = {} }: Attempt): Promise<Finished> {
  const folder = scratch();
  const seed = basename(folder);
  const file = exerciseIn(folder, exercise, imports);
  const finished = await cli([command, file, '--site', site, '--seed', seed, ...options], { cwd: folder, env });
  expect(finished.code, finished.stdout + finished.stderr).toBe(2);
  expect(finished.stderr).toMatch(/^proofload: /m);
  expect(finished.stderr).not.toMatch(/internal error|\n {4}at /);
  expectNothingLeft(folder);
  return finished;
}

function expectNothingLeft(folder: string): void {
  expect(processesWith(basename(folder)), 'processes still running').toEqual([]);
  const reports = join(folder, 'reports');
  expect(existsSync(reports) ? readdirSync(reports) : [], 'folders of runs').toEqual([]);
}

/** `check` and `run` refuse it alike, with the same words. */
async function refusedByBoth(attempt: Attempt): Promise<string> {
  const [checked, ran] = await Promise.all([refused({ ...attempt, command: 'check' }), refused(attempt)]);
  expect(ran.stderr).toBe(checked.stderr.replace('proofload check --help', 'proofload run --help'));
  return ran.stderr;
}

describe('what is refused before the site is touched', () => {
  it('a type error in the exercise, with the compiler’s message, file and line', async () => {
    const said = await refusedByBoth({ exercise: "\n  smoke: 'yes'," });
    expect(said).toMatch(/exercise\.ts does not compile:\nexercise\.ts\(\d+,3\): error TS2322: Type 'string' is not assignable to type 'boolean/);
  });

  it('a type error in a file that the exercise imports', async () => {
    const folder = scratch();
    writeFileSync(join(folder, 'part.ts'), "export const smoke: boolean = 'yes';\n");
    const imports = `import { smoke } from '../${basename(folder)}/part.ts';`;
    const { stderr } = await refused({ command: 'check', imports, exercise: 'smoke,' });
    expect(stderr).toMatch(/part\.ts\(1,14\): error TS2322/);
  });

  it('a name that the template lacks', async () => {
    const exercise = "...withFault({ parameters: { ...placeOrderThrottled.parameters, FunctionName: resource('PlaceOderFunction') } }),";
    expect(await refusedByBoth({ exercise })).toMatch(/template\.yaml has no resource PlaceOderFunction\n.*PlaceOrderFunction/);
  });

  it('an output that the template lacks', async () => {
    const exercise = "traffic: base.traffic.map((each) => ({ ...each, frontDoor: 'ShopUrl' })),";
    expect((await refused({ command: 'check', exercise })).stderr).toMatch(/template\.yaml has no output ShopUrl\n.*ApiUrl/);
  });

  it('phases too short to grade, with the length needed', async () => {
    const baseline = await refused({ command: 'check', exercise: 'smoke: false,' });
    expect(baseline.stderr).toContain('the baseline lasts 1 min and needs 2');
    const fault = await refusedByBoth({ exercise: '...withFault({ durationSec: 90 }),' });
    expect(fault).toContain('the fault lasts 90 s and needs 120 s');
  });

  it('more virtual users than this machine can hold', async () => {
    const exercise = "traffic: base.traffic.map((each) => ({ ...each, arrivals: { kind: 'constant', ratePerSec: 1e5 } })),";
    expect((await refused({ command: 'check', exercise })).stderr).toMatch(/\d+ virtual users are needed .*this machine can hold \d+/);
  });

  it('malformed objectives, with the place', async () => {
    const exercise = "objectives: { spec_version: '1.0', objectives: [{ sli: 'error_rate', pass: [{ criteria: ['about 1'] }] }] },";
    expect(await refusedByBoth({ exercise })).toMatch(/exercise\.ts: objectives\[0\]\.pass\[0\]\.criteria\[0\].*about 1/);
  });

  it('the same fault twice, a part of a minute, values of a setting', async () => {
    const twice = 'phases: { ...base.phases, recoveryMin: 1 }, faults: [placeOrderThrottled, placeOrderThrottled],';
    expect((await refused({ command: 'check', exercise: twice })).stderr).toContain('fault lambda-throttle is there twice');
    const half = 'phases: { ...base.phases, baselineMin: 1.5 },';
    expect((await refused({ command: 'check', exercise: half })).stderr).toContain('phases.baselineMin is 1.5: CloudWatch counts by the minute');
    const setting = 'settings: { none: { traffic: [] } },';
    expect((await refused({ command: 'check', exercise: setting, options: ['--setting', 'none'] })).stderr).toContain('has no traffic');
  });

  it('an objective on a resource or a fault that is not there', async () => {
    const objective = (sli: string): string => `objectives: { spec_version: '1.0', objectives: [{ sli: '${sli}', pass: [{ criteria: ['<1'] }] }] },`;
    const throttles = await refused({ command: 'check', exercise: objective('throttles:lambda:PlaceOder') });
    expect(throttles.stderr).toMatch(/objective throttles:lambda:PlaceOder: there is no resource PlaceOder\n.*PlaceOrderFunction/);
    const fault = await refused({ command: 'check', exercise: objective('time_to_recover:outage') });
    expect(fault.stderr).toMatch(/there is no fault outage\n.*the exercise has no faults/);
  });

  it('an unknown site, a site that is not on loopback, an unknown option', async () => {
    expect(await refusedByBoth({ site: 'moon' })).toMatch(/no site named moon\n.*known sites: aws, lab/);
    expect(await refusedByBoth({ site: 'http://192.0.2.1:4566' })).toContain('http://192.0.2.1:4566 is not a URL on loopback');
    expect(await refusedByBoth({ options: ['--speed', '20'] })).toContain("Unknown option '--speed'");
  });
});

describe('what is refused before any traffic', () => {
  it('a template with a resource that the lab does not know, by name and line', async () => {
    const { stderr } = await refused({ exercise: `system: '${inRoot('test/templates/unsupported.yaml')}',` });
    expect(stderr).toMatch(/unsupported\.yaml:5: resource Cluster: type AWS::ECS::Cluster is not supported/);
  });

  it('a maxDuration that FIS refuses, in FIS’s words', async () => {
    const { stderr } = await refused({ exercise: `...withFault({ use: '${inRoot('test/faults/too-short-max-duration.yaml')}' }),` });
    expect(stderr).toMatch(/Experiment/);
    expect(stderr).toMatch(/maxDuration.*PT20S|PT20S.*maxDuration/);
  });

  it('a flow that throws on load, with its file and message; --json says it in one object', async () => {
    const folder = scratch();
    const flow = join(folder, 'broken.k6.ts');
    writeFileSync(flow, "throw new Error('the shop is closed');\nexport default function (): void {}\n");
    const exercise = `traffic: base.traffic.map((each) => ({ ...each, flow: '${flow}' })),`;
    const { stdout, stderr } = await refused({ exercise, options: ['--json'] });
    expect(stderr).toMatch(/broken\.k6\.ts does not load: .*the shop is closed/);
    expect(JSON.parse(stdout)).toMatchObject({ error: 'flow-failed', message: expect.stringContaining('the shop is closed') });
  });

  it('no way to get k6', async () => {
    const empty = scratch();
    // No Go and no k6 on PATH, nothing in the cache, and no way out for a download.
    const env = { PATH: empty, PROOFLOAD_CACHE: join(empty, 'cache'), NODE_USE_ENV_PROXY: '1', HTTPS_PROXY: 'http://127.0.0.1:9', NO_PROXY: '' };
    const { stderr } = await refused({ env });
    expect(stderr).toMatch(/no k6 to make the traffic with: Go is not installed; .*could not be had.*; no k6 on PATH\n.*install Go/);
  });

  it('a folder in which no report can be written', async () => {
    const folder = scratch();
    writeFileSync(join(folder, 'reports'), 'in the way');
    const { code, stderr } = await cli(['run', exerciseIn(folder), '--site', fastLab], { cwd: folder });
    expect(code).toBe(2);
    expect(stderr).toMatch(/the run's folder cannot be made: .*reports/);
  });

  it('an endpoint that does not answer', async () => {
    const { stderr } = await refused({ site: 'http://127.0.0.1:9' });
    expect(stderr).toMatch(/site http:\/\/127\.0\.0\.1:9 does not answer.*ECONNREFUSED/);
    expect(stderr).toContain('proofload lab');
  });

  it('an endpoint that is no AWS', async () => {
    const server = createServer((_, response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<p>It works!</p>'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const { stderr } = await refused({ site: endpoint }).finally(() => server.close());
    expect(stderr).toContain(`what answers at ${endpoint} does not speak AWS's APIs`);
  });

  it('missing credentials', async () => {
    const env = { HOME: scratch(), PROOFLOAD_CACHE: k6Cache, AWS_EC2_METADATA_DISABLED: 'true' };
    const { stderr } = await refused({ site: 'aws', env });
    expect(stderr).toMatch(/no AWS credentials for site aws/);
    expect(stderr).toContain('AWS_PROFILE');
  });
});

describe('what is refused by a lab that runs already', () => {
  let lab: Lab;
  beforeAll(async () => {
    const folder = scratch();
    mkdirSync(join(folder, 'config'));
    const site = join(folder, 'other-account.yaml');
    writeFileSync(site, 'name: other-account\nkind: lab\nregion: us-east-1\naccounts: ["210987654321"]\ntimeScale: 20\n');
    lab = await startLabProcess(['--site', site, inRoot('scenarios/checkout/sync/template.yaml')]);
  });
  afterAll(async () => void (await lab.stop()));

  it('an account that is not on the allow-list', async () => {
    const { stderr } = await refused({ site: lab.endpoint });
    expect(stderr).toContain('the credentials are for account 210987654321');
    expect(stderr).toContain('allowed: 123456789012');
  });

  it('a fault that is not deployed, with the command that deploys it', async () => {
    const site = join(scratch(), 'there.yaml');
    writeFileSync(site, `name: there\nkind: endpoint\nregion: us-east-1\naccounts: ["210987654321"]\nendpoint: ${lab.endpoint}\n`);
    const { stderr } = await refused({ site, exercise: '...withFault({}),' });
    expect(stderr).toContain('fault lambda-throttle is not deployed');
    expect(stderr).toMatch(/aws cloudformation deploy --template-file \S*chaos\/lambda-throttle\.yaml --stack-name lambda-throttle/);
    expect(stderr).toMatch(/FunctionName=\S*PlaceOrder\S* .*ReservedConcurrency=1|ReservedConcurrency=1 .*FunctionName=/);
  });

  it('a port that is in use', async () => {
    const port = new URL(lab.endpoint).port;
    const { code, stderr } = await cli(['lab', '--port', port]);
    expect(code).toBe(2);
    expect(stderr).toMatch(new RegExp(`port ${port}.* in use`));
    expect(stderr).toContain('--port');
  });
});

describe('what the command line refuses', () => {
  it.each([
    ['a port that is none', ['lab', '--port', '70000'], '--port must be a whole number from 0 to 65535'],
    ['a command that is none', ['launch'], 'no command launch'],
    ['an exercise that is not there', ['run', 'exercises/none.ts'], 'no exercise at exercises/none.ts'],
    ['a run that is not there', ['report', 'reports/none'], 'no run reports/none'],
    ['delays of a lab on AWS', ['run', 'x.ts', '--site', 'aws', '--latency', 'none'], '--latency means nothing for site aws (kind aws)'],
    ['a parameter of a stack that is none', ['lab', '--parameter', 'shop:Name=1'], 'there is no stack shop'],
  ])('%s', async (_, args, message) => {
    const { code, stderr } = await cli(args);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
  });
});
