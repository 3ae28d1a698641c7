import type { Numbers } from '../../core/numbers.ts';
import type { RangeName } from './actions/action.ts';

/** FIS's quotas; durations in seconds. Sources in config/quotas/fis.yaml. */
export interface FisLimits {
  readonly templates: number;
  readonly activeExperiments: number;
  readonly actions: number;
  readonly parallelActions: number;
  readonly stopConditions: number;
  readonly arnsPerTarget: number;
  readonly tags: number;
  readonly durationMinSec: number;
  readonly durationMaxSec: number;
  readonly experimentMaxSec: number;
  readonly listItems: number;
  readonly ranges: Readonly<Record<RangeName, { readonly min: number; readonly max: number }>>;
}

export function fisLimits(quotas: Numbers): FisLimits {
  return {
    templates: quotas.number('fis.experiment-templates'),
    activeExperiments: quotas.number('fis.active-experiments'),
    actions: quotas.number('fis.actions-per-template'),
    parallelActions: quotas.number('fis.parallel-actions'),
    stopConditions: quotas.number('fis.stop-conditions-per-template'),
    arnsPerTarget: quotas.number('fis.resource-arns-per-target'),
    tags: quotas.number('fis.tags-per-resource'),
    durationMinSec: quotas.number('fis.action-duration-min'),
    durationMaxSec: quotas.number('fis.action-duration-max'),
    experimentMaxSec: quotas.number('fis.experiment-duration-max'),
    listItems: quotas.number('fis.asserted-alarms-max'),
    ranges: {
      percentage: { min: quotas.number('fis.invocation-percentage-min'), max: quotas.number('fis.invocation-percentage-max') },
      startupDelayMs: { min: 0, max: quotas.number('fis.startup-delay-max') },
      statusCode: { min: 0, max: quotas.number('fis.status-code-max') },
    },
  };
}
