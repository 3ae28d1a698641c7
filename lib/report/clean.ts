import type { Assessment, ChartSeries } from '../grade/types.ts';
import { withPlainText } from './safe-text.ts';

/** The assessment with every text made plain: what renderers for people start with. Points and counts hold no text, and there are many. */
export function cleanAssessment({ charts, heatMap, ...rest }: Assessment): Assessment {
  const series = (all: readonly ChartSeries[]): ChartSeries[] => all.map(({ points, ...each }) => ({ ...withPlainText(each), points }));
  return {
    ...withPlainText(rest),
    ...(heatMap ? { heatMap } : {}),
    charts: {
      rate: series(charts.rate),
      latency: series(charts.latency),
      errors: series(charts.errors),
      throttles: series(charts.throttles),
      concurrency: series(charts.concurrency),
    },
  };
}
