import { noData, value } from '../figure.ts';
import type { Indicator } from './indicator.ts';

export const integrityIndicator: Indicator = {
  name: 'integrity',
  unit: 'count',
  of: 'run',
  category: 'integrity',
  argument: 'an invariant',
  names: (name) => [{ what: 'invariant', name }],
  needs: 'invariant',
  meaning: "violations of the exercise's invariants, in the system's own data after the run",
  read({ integrity }, name) {
    const meant = (integrity?.invariants ?? []).filter((each) => name === undefined || each.name === name);
    if (meant.length === 0) return { figure: noData('count', name === undefined ? 'the run had no invariants' : `the run had no invariant ${name}`) };
    const open = meant.find(({ state }) => state === 'no-data');
    if (open) return { figure: noData('count', `invariant ${open.name} was not checked: ${open.reason}`) };
    const total = (of: 'checked' | 'violations'): number => meant.reduce((sum, each) => sum + each[of], 0);
    return { figure: value(total('violations'), 'count', 'system', 0, total('checked')) };
  },
};
