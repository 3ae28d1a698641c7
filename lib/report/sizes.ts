import { durationText } from '../core/time-format.ts';
import type { ObjectiveSize } from '../grade/compare/sizes.ts';

/** One line for what an objective gets in a phase, and what it needs. */
export function sizeText({ displayName, phase, seconds, requests, ofAll, figureNeeds, needs }: ObjectiveSize): string {
  const gets = `${displayName}, ${phase}: ${requests.toLocaleString('en-US')} requests${ofAll ? ' of all operations' : ''} in ${durationText(seconds * 1_000)}`;
  const figure = figureNeeds === undefined ? [] : [`a figure takes ${figureNeeds.toLocaleString('en-US')}`];
  const asked = needs.map(({ for: of, shiftPercent, seconds: needed, requests: count }) => {
    const size = needed === null || count === null ? 'more than a day' : `${durationText(needed * 1_000)} (${count.toLocaleString('en-US')})`;
    return `${of === 'gate' ? 'gate sees' : 'the criterion tells'} +${shiftPercent} % in ${size}`;
  });
  return [gets, ...figure, ...asked].join('; ');
}
