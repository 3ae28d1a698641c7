import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fastLab, inRoot, removeScratch, scratch } from './cli.ts';

/** A copied scenario with enough traffic for a lab whose minute takes three seconds. */
const exercise = `
import { constant, defineExercise, type FlowTraffic } from 'proofload';
import smoke from './smoke.ts';

const fast = (flow: FlowTraffic): FlowTraffic => ({ ...flow, arrivals: constant({ ratePerSec: 15 }), longestFlowSec: 10, env: { THINK_MIN_SEC: '0.02', THINK_MAX_SEC: '0.1' } });
const objectives = { spec_version: '1.0', objectives: [{ sli: 'error_rate', pass: [{ criteria: ['<=1'] }], phase: 'baseline' }], total_score: { pass: '90%', warning: '75%' } };

export default defineExercise({ ...smoke, name: 'copied', traffic: smoke.traffic.map(fast), objectives });
`;

describe('the packed package', () => {
  let app: string;

  beforeAll(() => {
    app = scratch();
    const [packed] = JSON.parse(
      execFileSync('npm', ['pack', '--json', '--pack-destination', app], { cwd: inRoot('.'), encoding: 'utf8' }).replace(/^[^[]*/, ''),
    ) as [{ filename: string }];
    const { devDependencies } = JSON.parse(readFileSync(inRoot('package.json'), 'utf8')) as { devDependencies: Record<string, string> };
    installBeside(app, packed.filename, new Set(Object.keys(devDependencies)));
    cpSync(inRoot('scenarios/checkout'), join(app, 'checkout'), { recursive: true });
    writeFileSync(join(app, 'package.json'), '{ "type": "module" }');
    writeFileSync(join(app, 'checkout/exercises/fast.ts'), exercise);
  });
  afterAll(removeScratch);

  it('runs a copied scenario with nothing but its own dependencies', () => {
    const launcher = join(app, 'node_modules/proofload/cli/proofload.js');
    const { status, stdout, stderr } = spawnSync(process.execPath, [launcher, 'run', 'checkout/exercises/fast.ts', '--site', fastLab], {
      cwd: app,
      encoding: 'utf8',
    });
    expect(stdout + stderr).toContain('PASS');
    expect(status).toBe(0);
  });

  it('says on an older Node that it needs a newer one, and ends with 2', () => {
    const older = 'data:text/javascript,Object.defineProperty(process.versions, "node", { value: "20.19.0" })';
    const { status, stderr } = spawnSync(process.execPath, ['--import', older, inRoot('cli/proofload.js'), 'doctor'], { encoding: 'utf8' });
    expect(stderr).toBe('proofload needs Node 22.18 or later; this is 20.19.0.\n');
    expect(status).toBe(2);
  });
});

/** Lays the packed files into `node_modules` beside links to what an install would bring: the dependencies without those of development. */
function installBeside(folder: string, tarball: string, without: ReadonlySet<string>): void {
  const modules = join(folder, 'node_modules');
  mkdirSync(join(modules, 'proofload'), { recursive: true });
  for (const name of readdirSync(inRoot('node_modules'))) {
    if (name.startsWith('.') || name === 'proofload' || without.has(name)) continue;
    if (!name.startsWith('@')) {
      symlinkSync(inRoot(`node_modules/${name}`), join(modules, name));
      continue;
    }
    mkdirSync(join(modules, name), { recursive: true });
    for (const scoped of readdirSync(inRoot(`node_modules/${name}`))) {
      if (!without.has(`${name}/${scoped}`)) symlinkSync(inRoot(`node_modules/${name}/${scoped}`), join(modules, name, scoped));
    }
  }
  execFileSync('tar', ['-xzf', join(folder, tarball), '-C', join(modules, 'proofload'), '--strip-components=1']);
}
