import { parseSli } from './list.ts';

/** What an indicator takes from the clients' samples alone, so that it can be looked at over any stretch of them. */
export interface OfSamples {
  /** Undefined: of all operations. */
  readonly operation: string | undefined;
  /** 0..1 of a latency; undefined of an error rate. */
  readonly quantile: number | undefined;
}

/** Undefined of an indicator that is not made of samples. @throws ProofloadError `unknown-indicator` */
export function ofSamples(sli: string): OfSamples | undefined {
  const { indicator, argument } = parseSli(sli, 'sli');
  const percent = /^latency_p(\d+)$/.exec(indicator.name)?.[1];
  if (percent === undefined && indicator.name !== 'error_rate') return undefined;
  return { operation: argument, quantile: percent === undefined ? undefined : Number(percent) / 100 };
}
