import { totalmem } from 'node:os';
import { relative } from 'node:path';
import { ProofloadError } from '../core/errors.ts';
import type { DifferenceKind } from '../grade/compare/differences.ts';
import type { PlannedPhase } from '../grade/compare/sizes.ts';
import type { ComparisonSettings } from '../grade/compare/types.ts';
import { type Objectives, validateObjectives } from '../grade/objectives.ts';
import type { SiteFile } from '../sites/site-file.ts';
import { defaultStackName, readTemplate, type Template } from '../template/index.ts';
import { type PhaseSpan, segmentsOf } from '../traffic/arrivals.ts';
import { planVirtualUsers, virtualUserLimit } from '../traffic/k6/users.ts';
import { scheduleOf } from '../traffic/schedule.ts';
import { checkObjectives } from './check-objectives.ts';
import { type CostEstimate, estimateCost } from './estimate.ts';
import type { FaultUse, FlowTraffic } from './exercise.ts';
import { checkGuards } from './guards.ts';
import { faultParameters, faultStackName } from './lab-stacks.ts';
import type { LoadedExercise } from './load.ts';
import { plannedPhases } from './planned-phases.ts';
import { refuseTooManyGuards } from './site-guards.ts';
import { sitePrices, siteQuotas, usualProfile } from './site-numbers.ts';
import { refuseTooExpensive } from './spending.ts';
import { planTimeline, type Timeline, tooShortToGrade } from './timeline.ts';

export interface PlannedFlow {
  readonly name: string;
  readonly file: string;
  /** Output of the system's stack that holds the front door's URL. */
  readonly frontDoor: string;
  readonly plannedArrivals: number;
  readonly peakRatePerSec: number;
  readonly longestFlowSec: number;
  readonly requestsPerFlow: number;
  readonly transitionsPerFlow?: number;
}

export interface PlannedFault {
  readonly name: string;
  readonly file: string;
  readonly stack: string;
  readonly durationSec: number;
  /** Values as text; `@stack.Logical` where the site decides the name. */
  readonly parameters: Readonly<Record<string, string>>;
}

/** Everything that is known of a run before the site is touched; `check` prints it, the record keeps it. */
export interface Plan {
  readonly exercise: string;
  readonly setting: string | undefined;
  readonly hypothesis: string;
  readonly smoke: boolean;
  readonly site: string;
  /** Of a lab: the profile of its quotas, and how many the site sets itself. */
  readonly quotas?: { readonly profile: string; readonly own: number };
  readonly template: string;
  readonly stack: string;
  readonly flows: readonly PlannedFlow[];
  readonly faults: readonly PlannedFault[];
  /** As if the run started on a whole minute: lengths, not times. */
  readonly phases: readonly { readonly kind: string; readonly lengthSec: number }[];
  readonly longestFaultSec: number;
  /** What the traffic means for each graded phase. */
  readonly samples: readonly PlannedPhase[];
  readonly objectives: Objectives;
  /** In what the run may differ from the one that it is compared with, beside code and seed. */
  readonly mayDiffer: readonly DifferenceKind[];
  /** How `gate` and `compare` hold the run against another. */
  readonly gate: Partial<ComparisonSettings>;
  /** What must hold of the system's own data after the run. */
  readonly invariants: readonly { readonly name: string; readonly holds: string }[];
  /** Absent where proofload has no price list for the site's region. */
  readonly estimate?: CostEstimate;
}

/**
 * Plans a run. Reads templates, touches nothing.
 * @throws ProofloadError `phases-too-short`, `unknown-resource`, `unknown-output`, `too-many-virtual-users`, `too-expensive`, `cost-unknown`, and what
 * objectives and templates refuse
 */
export function planRun(loaded: LoadedExercise, site: SiteFile, cwd: string): Plan {
  const { exercise, file } = loaded;
  const where = relative(cwd, file);
  const objectives = validateObjectives(exercise.objectives, where);
  const uses = exercise.faults ?? [];
  const longestFaultSec = Math.max(0, ...uses.map((use) => use.durationSec));
  const smoke = exercise.smoke === true;
  const short = tooShortToGrade(exercise.phases, longestFaultSec, smoke);
  if (short) throw new ProofloadError('phases-too-short', `${where}: ${short}`, { hint: 'lengthen the phase in the exercise' });
  const template = readTemplate(loaded.systemTemplate);
  const stack = exercise.stack ?? defaultStackName(loaded.systemTemplate);
  checkNames(loaded, template, where, cwd);
  // The longest that the warm-up can last: a run that starts just after a whole minute.
  const timeline = planTimeline(0, exercise.phases, longestFaultSec);
  const spans = phaseSpans(timeline, site.timeScale);
  const flows = exercise.traffic.map((traffic, index) => plannedFlow(traffic, loaded.flows[index]?.file ?? '', spans));
  const peakPerSec = flows.reduce((sum, { peakRatePerSec, requestsPerFlow }) => sum + peakRatePerSec * requestsPerFlow, 0);
  checkGuards(exercise.guards ?? [], objectives, peakPerSec, where);
  const faults = uses.map((use, index) => plannedFault(use, loaded.faults[index], stack));
  const invariants = (loaded.integrity?.invariants ?? []).map(({ name, holds }) => ({ name, holds }));
  const names = { resource: Object.keys(template.resources), fault: faults.map(({ name }) => name), invariant: invariants.map(({ name }) => name) };
  checkObjectives(objectives, names, where);
  // Also for its refusal: a mistyped quota should not wait for the lab's start.
  const mostConditions = siteQuotas(site).number('fis.stop-conditions-per-template');
  refuseTooManyGuards(exercise.guards ?? [], faults, mostConditions, where);
  const estimate = estimateCost({ flows, faults }, template, sitePrices(site));
  refuseTooExpensive(site, estimate, where);
  return {
    exercise: exercise.name,
    setting: loaded.setting,
    hypothesis: exercise.hypothesis,
    smoke,
    site: site.name,
    ...(site.kind === 'lab' ? { quotas: { profile: site.quotaProfile ?? usualProfile, own: Object.keys(site.quotas).length } } : {}),
    template: relative(cwd, loaded.systemTemplate),
    stack,
    flows,
    faults,
    phases: timeline.phases.map(({ kind, startMs, endMs }) => ({ kind, lengthSec: (endMs - startMs) / 1_000 })),
    longestFaultSec,
    samples: plannedPhases(exercise.traffic, spans, longestFaultSec, site.timeScale),
    objectives,
    mayDiffer: exercise.mayDiffer ?? [],
    gate: exercise.gate ?? {},
    invariants,
    ...(estimate ? { estimate } : {}),
  };
}

function plannedFlow(
  { name, arrivals, frontDoor, longestFlowSec, requestsPerFlow, transitionsPerFlow }: FlowTraffic,
  file: string,
  spans: readonly PhaseSpan[],
): PlannedFlow {
  const schedule = scheduleOf(segmentsOf(arrivals, spans));
  planVirtualUsers(schedule, longestFlowSec, virtualUserLimit(totalmem()));
  const declared = { longestFlowSec, requestsPerFlow, ...(transitionsPerFlow === undefined ? {} : { transitionsPerFlow }) };
  return { name, file, frontDoor, plannedArrivals: schedule.count, peakRatePerSec: schedule.peakPerSec, ...declared };
}

function plannedFault(use: FaultUse, found: { name: string; file: string } | undefined, stack: string): PlannedFault {
  const { name, file } = found ?? { name: use.use, file: use.use };
  return { name, file, stack: faultStackName(name), durationSec: use.durationSec, parameters: faultParameters(use, stack) };
}

/** The plan with its paths as seen from the folder of the run: a record may be read on another machine. */
export function planForRecord(plan: Plan, cwd: string): Plan {
  const relativeFile = <T extends { readonly file: string }>(each: T): T => ({ ...each, file: relative(cwd, each.file) });
  return { ...plan, flows: plan.flows.map(relativeFile), faults: plan.faults.map(relativeFile) };
}

/** The phases as the generators see them: in seconds of the wall. */
export function phaseSpans(timeline: Timeline, timeScale: number): PhaseSpan[] {
  return timeline.phases.map(({ kind, startMs, endMs }) => ({ kind, durationSec: (endMs - startMs) / 1_000 / timeScale }));
}

/** Every name that the exercise takes from a template must be there; the site is not needed to know. */
function checkNames(loaded: LoadedExercise, template: Template, where: string, cwd: string): void {
  const refuse = (code: string, what: string, has: readonly string[]): never => {
    throw new ProofloadError(code, `${where}: ${what}`, { hint: `it has: ${has.join(', ')}` });
  };
  const templateName = relative(cwd, loaded.systemTemplate);
  for (const flow of loaded.exercise.traffic) {
    if (!Object.hasOwn(template.outputs, flow.frontDoor))
      refuse('unknown-output', `${templateName} has no output ${flow.frontDoor}`, Object.keys(template.outputs));
  }
  (loaded.exercise.faults ?? []).forEach((use, index) => {
    const fault = loaded.faults[index];
    const declared = fault ? readTemplate(fault.file).parameters : {};
    const names = [...Object.keys(use.parameters), 'DurationSeconds'];
    for (const name of names)
      if (!Object.hasOwn(declared, name)) refuse('unknown-parameter', `fault ${use.use} has no parameter ${name}`, Object.keys(declared));
    for (const value of Object.values(use.parameters)) {
      if (typeof value === 'object' && !Object.hasOwn(template.resources, value.resource)) {
        refuse('unknown-resource', `${templateName} has no resource ${value.resource}`, Object.keys(template.resources));
      }
    }
  });
}
