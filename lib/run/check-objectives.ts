import { ProofloadError } from '../core/errors.ts';
import type { NamedThing } from '../grade/indicators/indicator.ts';
import { parseSli } from '../grade/indicators/list.ts';
import type { Objectives } from '../grade/objectives.ts';
import { throttledServices } from '../grade/throttles.ts';

/** What an exercise has, by name; its services are those whose throttles are counted. */
export type ThingNames = Readonly<Record<Exclude<NamedThing['what'], 'service'>, readonly string[]>>;

/**
 * What objectives say of services, resources, faults, invariants and phases must be there, or they would have no data at the end of the run.
 * @throws ProofloadError `unknown-service`, `unknown-resource`, `unknown-fault`, `unknown-invariant`, `unknown-phase`
 */
export function checkObjectives({ objectives }: Pick<Objectives, 'objectives'>, names: ThingNames, where: string): void {
  const all = { ...names, service: throttledServices };
  for (const { sli, phase } of objectives) {
    const { indicator, argument } = parseSli(sli, where);
    const refuse = (what: string, problem: string, hint: string): never => {
      throw new ProofloadError(`unknown-${what}`, `${where}: objective ${sli}: ${problem}`, { hint });
    };
    const named = argument === undefined ? [] : (indicator.names?.(argument) ?? []);
    for (const { what, name } of named)
      if (!all[what].includes(name))
        refuse(what, `there is no ${what} ${name}`, all[what].length > 0 ? `there is: ${all[what].join(', ')}` : `the exercise has no ${what}s`);
    const { needs } = indicator;
    if (needs && all[needs].length === 0) refuse(needs, `the exercise has no ${needs}s`, 'take it out, or give the exercise what it is about');
    if (indicator.of === 'phase' && phase !== undefined && phase !== 'baseline' && names.fault.length === 0)
      refuse('phase', `an exercise without a fault has no ${phase} phase`, 'leave the phase out, or name the baseline');
  }
}
