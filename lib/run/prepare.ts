import { relative } from 'node:path';
import { findFault } from '../chaos/find.ts';
import { previewFault } from '../chaos/preview.ts';
import type { ChaosContext, DeployedFault } from '../chaos/types.ts';
import { ProofloadError } from '../core/errors.ts';
import type { Site } from '../sites/site.ts';
import { isLoopback } from '../sites/site-file.ts';
import { readTemplate } from '../template/index.ts';
import { resolveReferences } from './lab-stacks.ts';
import type { Plan, PlannedFault } from './plan.ts';
import { describeStack, output, physicalId, type Stack } from './stack.ts';

/** A fault found on the site, with how long it shall last. */
export interface PreparedFault {
  readonly planned: PlannedFault;
  readonly deployed: DeployedFault;
}

/** What the site answered to the plan: every name resolved, every fault found and previewed. */
export interface Prepared {
  readonly stack: Stack;
  /** URL of the front door of each flow, by the flow's name. */
  readonly frontDoors: Readonly<Record<string, string>>;
  readonly faults: readonly PreparedFault[];
  /** Names of the alarms that the faults bring along: their stop conditions. */
  readonly alarms: readonly string[];
}

/**
 * Resolves the plan's names on the site and holds them against the allow-list.
 * Nothing is disturbed: faults are only previewed.
 * @throws ProofloadError for whatever does not hold
 */
export async function prepareSite(plan: Plan, site: Site, cwd: string): Promise<Prepared> {
  const stack = await describeStack(site.clients, plan.stack, plan.template);
  const frontDoors = Object.fromEntries(plan.flows.map((flow) => [flow.name, allowedUrl(output(stack, flow.frontDoor), site, stack)]));
  const faults: PreparedFault[] = [];
  for (const planned of plan.faults) faults.push({ planned, deployed: await prepareFault(planned, stack, site, cwd) });
  refuseSharedResources(faults);
  const alarms: string[] = [];
  for (const { deployed } of faults) {
    const { resources } = await describeStack(site.clients, deployed.stack, deployed.name);
    alarms.push(...resources.filter(({ type }) => type === 'AWS::CloudWatch::Alarm').map(({ physicalId: name }) => name));
  }
  return { stack, frontDoors, faults, alarms };
}

async function prepareFault(planned: PlannedFault, stack: Stack, site: Site, cwd: string): Promise<DeployedFault> {
  const parameters = await resolveReferences(planned.parameters, stack.name, async (_stack, logicalId) => physicalId(stack, logicalId));
  const wanted = { name: planned.name, file: relative(cwd, planned.file), stack: planned.stack, parameters };
  const deployed = await findFault(site.clients, wanted);
  if (!stack.resources.some((each) => each.physicalId === deployed.resource)) {
    throw new ProofloadError(
      'fault-outside-stack',
      `fault ${planned.name} changes ${deployed.resource}, which does not belong to stack ${stack.name}`,
      {
        hint: 'a fault may only disturb resources of the system under test',
      },
    );
  }
  return deployed;
}

/**
 * Two faults on one setting would each take the other's value for the one to restore; on two settings of one resource, what is stored to undo the one
 * would overwrite what is stored to undo the other.
 * @throws ProofloadError `faults-collide`
 */
export function refuseSharedResources(faults: readonly Pick<PreparedFault, 'deployed'>[]): void {
  for (const [index, { deployed }] of faults.entries()) {
    const other = faults.slice(0, index).find((each) => each.deployed.resource === deployed.resource);
    if (!other) continue;
    throw new ProofloadError('faults-collide', `faults ${other.deployed.name} and ${deployed.name} both disturb ${deployed.resource}`, {
      hint: 'run them in exercises of their own: what undoes the one could not be told from what undoes the other',
    });
  }
}

/**
 * Has FIS resolve each experiment with `skip-all`, and holds what it would do against the template in hand: the same
 * actions, on nothing but resources of the system, and on the one whose undo is registered.
 */
export async function previewFaults({ faults, stack }: Pick<Prepared, 'faults' | 'stack'>, context: ChaosContext): Promise<void> {
  for (const { deployed, planned } of faults) {
    const { actions, targets, documentParameters } = await previewFault(deployed, context);
    const [previewed, written] = [actions, actionsIn(planned.file)].map((each) => JSON.stringify(Object.entries(each).sort()));
    if (previewed !== written) {
      throw new ProofloadError('preview-differs', `FIS would run ${previewed} for fault ${deployed.name}, its template says ${written}`, {
        hint: `deploy stack ${deployed.stack} again from the template`,
      });
    }
    const refuse = (what: string): never => {
      throw new ProofloadError('fault-outside-stack', `fault ${deployed.name} would change ${what}`, {
        hint: `it may only change ${deployed.resource} of stack ${stack.name}, whose undo is registered; deploy stack ${deployed.stack} again from the template`,
      });
    };
    for (const target of Object.values(targets).flat()) if (!names(target, stack)) refuse(`${Object.values(target).join(' ')}`);
    for (const parameters of documentParameters)
      if (!valuesOf(parameters).includes(deployed.resource)) refuse(`what its document gets: ${parameters}`);
  }
}

/** Ids of the actions that a fault's template declares, by name. */
function actionsIn(file: string): Record<string, string> {
  const experiments = Object.values(readTemplate(file).resources).filter(({ type }) => type === 'AWS::FIS::ExperimentTemplate');
  const actions = experiments.flatMap(({ properties }) => Object.entries((properties['Actions'] ?? {}) as Record<string, { ActionId?: string }>));
  return Object.fromEntries(actions.map(([name, { ActionId = '' }]) => [name, ActionId]));
}

/** Whether FIS's description of a target names a resource of the stack, as its name or in its ARN. */
function names(target: Readonly<Record<string, string>>, stack: Stack): boolean {
  const parts = Object.values(target).flatMap((text) => [text, ...text.split(/[:/]/)]);
  return stack.resources.some(({ physicalId: id }) => parts.includes(id));
}

function valuesOf(json: string): unknown[] {
  return Object.values(JSON.parse(json) as Record<string, unknown>).flat();
}

/** The URL, when traffic to it stays on the allow-list: this machine for the lab, the stack's own API of the site's region on AWS. */
function allowedUrl(url: string, site: Site, stack: Stack): string {
  const refuse = (why: string): never => {
    throw new ProofloadError('traffic-not-allowed', `traffic may not go to ${url}: ${why}`, {
      hint: `site ${site.file.name} allows only what belongs to stack ${stack.name}`,
    });
  };
  if (!URL.canParse(url)) return refuse('it is not a URL');
  const { hostname } = new URL(url);
  if (site.loopback) return isLoopback(hostname) ? url : refuse('the site is on this machine, and the URL is not');
  const [, apiId] = new RegExp(`^([a-z0-9]+)\\.execute-api\\.${site.region}\\.amazonaws\\.com(\\.cn)?$`).exec(hostname) ?? [];
  if (apiId === undefined) return refuse(`it is not an API of region ${site.region}`);
  return stack.resources.some((each) => each.physicalId === apiId) ? url : refuse(`API ${apiId} does not belong to the stack`);
}
