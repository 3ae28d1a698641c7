import { noData } from '../figure.ts';
import type { Figure } from '../types.ts';
import type { Indicator } from './indicator.ts';

export const timeToRecoverIndicator: Indicator = {
  name: 'time_to_recover',
  unit: 's',
  of: 'run',
  category: 'recovery',
  argument: 'a fault',
  names: (name) => [{ what: 'fault', name }],
  needs: 'fault',
  meaning: "seconds from the end of the fault's effect until clients saw the baseline again; of several faults, the longest",
  read({ faults }, name) {
    const meant = faults.filter(({ figures }) => name === undefined || figures.fault === name);
    const never = meant.find(({ neverRecovered }) => neverRecovered);
    if (never) return { figure: never.figures.timeToRecoverSec, fails: true };
    let longest: Figure = noData('s', name === undefined ? 'the run had no fault' : `the run had no fault ${name}`);
    for (const { figures } of meant) {
      const figure = figures.timeToRecoverSec;
      if (figure.state === 'no-data') return { figure };
      if (longest.state === 'no-data' || figure.value > longest.value) longest = figure;
    }
    return { figure: longest };
  },
};
