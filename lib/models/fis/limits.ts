import type { Numbers } from '../../core/numbers.ts';
import type { DurationName, RangeName } from './actions/action.ts';

/** FIS's quotas; durations in seconds. Sources in config/quotas/fis.yaml. */
export interface FisLimits {
  readonly templates: number;
  readonly activeExperiments: number;
  readonly actions: number;
  readonly parallelActions: number;
  readonly stopConditions: number;
  readonly arnsPerTarget: number;
  readonly tags: number;
  readonly experimentMaxSec: number;
  readonly listItems: number;
  readonly ranges: Readonly<Record<RangeName, Range>>;
  /** In seconds. */
  readonly durations: Readonly<Record<DurationName, Range>>;
}

interface Range {
  readonly min: number;
  readonly max: number;
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
    experimentMaxSec: quotas.number('fis.experiment-duration-max'),
    listItems: quotas.number('fis.asserted-alarms-max'),
    ranges: rangesOf(quotas),
    durations: durationsOf(quotas),
  };
}

function rangesOf(quotas: Numbers): FisLimits['ranges'] {
  const max = quotas.number('fis.invocation-percentage-max');
  return {
    percentage: { min: quotas.number('fis.invocation-percentage-min'), max },
    load: { min: 0, max },
    startupDelayMs: { min: 0, max: quotas.number('fis.startup-delay-max') },
    statusCode: { min: 0, max: quotas.number('fis.status-code-max') },
    ioPercentage: { min: quotas.number('fis.volume-io-percentage-min'), max },
    ioLatencyMs: { min: quotas.number('fis.volume-io-latency-min'), max: quotas.number('fis.volume-io-latency-max') },
    // TCP's and UDP's, not FIS's.
    port: { min: 1, max: 65_535 },
  };
}

function durationsOf(quotas: Numbers): FisLimits['durations'] {
  const max = quotas.number('fis.action-duration-max');
  return {
    action: { min: quotas.number('fis.action-duration-min'), max },
    volumeIo: { min: quotas.number('fis.volume-io-duration-min'), max },
    spotInterruption: { min: quotas.number('fis.spot-interruption-min'), max: quotas.number('fis.spot-interruption-max') },
    virtualInterface: { min: quotas.number('fis.virtual-interface-duration-min'), max },
    stress: { min: quotas.number('fis.stress-duration-min'), max },
  };
}
