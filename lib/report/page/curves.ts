import uPlot from 'uplot';
import type { SeriesData } from '../html/payload.ts';

/** From this resolution on a figure is drawn as what it is: one value for its whole span. */
export const steppedFromSec = 10;

/**
 * The points of all series over one list of times; undefined where a series has no point, null where it has a gap.
 * Both ends of the shared time axis are in the list, so that every chart spans all of it.
 */
export function alignedData(series: readonly SeriesData[], lengthSec: number): uPlot.AlignedData {
  return uPlot.join([[[0, lengthSec]], ...series.map(curvePoints)]);
}

function curvePoints({ atSec, values, resolutionSec }: SeriesData): uPlot.AlignedData {
  if (resolutionSec < steppedFromSec) return [[...atSec], [...values]];
  const times: number[] = [];
  const steps: (number | null)[] = [];
  values.forEach((value, index) => {
    const from = atSec[index] ?? 0;
    times.push(from);
    steps.push(value);
    if (value === null) return;
    // A hair before the next figure, so that the step stands upright.
    times.push(from + resolutionSec - 0.001);
    steps.push(value);
  });
  return [times, steps];
}
