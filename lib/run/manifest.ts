import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { arch, cpus, platform, totalmem } from 'node:os';
import { dirname, join } from 'node:path';
import { probeOf } from '../chaos/probe.ts';
import { packageRoot } from '../core/package-root.ts';
import { type Manifest, recordVersion } from '../record/types.ts';
import type { Session } from './session.ts';
import { sourceState } from './source-state.ts';

/** What the run is about and with what it was made. */
export async function manifestOf(session: Session): Promise<Manifest> {
  const { runId, plan, site, seed, prepared, k6, loaded, processEnv } = session;
  const source = await sourceState(dirname(loaded.file), processEnv);
  return {
    recordVersion,
    runId,
    exercise: plan.exercise,
    ...(plan.setting === undefined ? {} : { setting: plan.setting }),
    hypothesis: plan.hypothesis,
    smoke: plan.smoke,
    site: {
      name: site.file.name,
      kind: site.file.kind,
      account: site.account,
      region: site.region,
      ...(plan.quotas ? { quotas: plan.quotas.profile } : {}),
    },
    timeScale: site.timeScale,
    seed,
    startedMs: site.clock.now(),
    versions: {
      proofload: versionOf(join(packageRoot(), 'package.json')),
      node: process.versions.node,
      k6: `${k6.version} (${k6.origin}, ${k6.output} output)`,
      artillery: versionOf(createRequire(import.meta.url).resolve('artillery/package.json')),
    },
    numbers: await site.numbers(),
    ...(source ? { source } : {}),
    generator: machine(),
    flows: plan.flows.map(({ name, plannedArrivals, peakRatePerSec }) => ({ name, plannedArrivals, peakRatePerSec })),
    businessTransaction: loaded.exercise.businessTransaction,
    faults: prepared.faults.map(({ deployed }) => ({
      name: deployed.name,
      resource: deployed.resource,
      probe: probeOf(deployed),
      description: deployed.description,
    })),
    ...(plan.invariants.length > 0 ? { invariants: plan.invariants } : {}),
    objectives: loaded.exercise.objectives,
  };
}

function versionOf(packageFile: string): string {
  return (JSON.parse(readFileSync(packageFile, 'utf8')) as { version: string }).version;
}

/** Of the machine only what bears on what it can generate: no name. */
function machine(): NonNullable<Manifest['generator']> {
  const all = cpus();
  return {
    platform: `${platform()}-${arch()}`,
    cpu: all[0]?.model.trim() ?? 'unknown',
    cpus: all.length,
    memoryGb: Math.round(totalmem() / 2 ** 30),
  };
}
