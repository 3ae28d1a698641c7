import type { Numbers } from '../../core/numbers.ts';

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
  };
}
