import { noData, value } from '../figure.ts';
import type { Indicator } from './indicator.ts';

export const droppedArrivalsIndicator: Indicator = {
  name: 'dropped_arrivals',
  unit: 'count',
  of: 'phase',
  category: 'throttling',
  meaning: 'flows that could not start, because the system held every virtual user or the generator could not keep up',
  read({ arrivals }) {
    if (arrivals.planned === 0) return { figure: noData('count', 'no arrival was recorded') };
    return { figure: value(arrivals.droppedSystemSlow + arrivals.droppedGeneratorSlow, 'count', 'client', 1, arrivals.planned) };
  },
};
