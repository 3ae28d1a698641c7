import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { probeOf } from '../chaos/probe.ts';
import { packageRoot } from '../core/package-root.ts';
import { type Manifest, recordVersion } from '../record/types.ts';
import type { Session } from './session.ts';

/** What the run is about and with what it was made. */
export async function manifestOf(session: Session): Promise<Manifest> {
  const { runId, plan, site, seed, prepared, k6, loaded } = session;
  return {
    recordVersion,
    runId,
    exercise: plan.exercise,
    hypothesis: plan.hypothesis,
    smoke: plan.smoke,
    site: { name: site.file.name, kind: site.file.kind, account: site.account, region: site.region },
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
