import { relative } from 'node:path';
import type { Env } from '../lib/core/env.ts';
import { exitCodes } from '../lib/core/exit-codes.ts';
import { durationText } from '../lib/core/time-format.ts';
import { usdText } from '../lib/report/format.ts';
import { sizeText } from '../lib/report/sizes.ts';
import { loadExercise } from '../lib/run/load.ts';
import { type Plan, planRun } from '../lib/run/plan.ts';
import { type SampleSizes, sampleSizesFrom } from '../lib/run/sample-sizes.ts';
import { readSite } from '../lib/sites/site-file.ts';
import type { Command } from './command.ts';
import { storeOption, withStore } from './store.ts';

export const checkCommand: Command = {
  name: 'check',
  usage: 'check <exercise>',
  summary: 'does everything up to the plan and shows it: types, names, phases, objectives and how many samples they get and need; nothing is touched',
  options: {
    ...storeOption,
    setting: { type: 'string', value: '<name>', help: 'a setting of the exercise, such as gate' },
    json: { type: 'boolean', help: 'the plan as one JSON object' },
  },
  arguments: [1, 1],
  async run(env, values, [path = '']) {
    const site = readSite(String(values['site'] ?? 'lab'), env.cwd);
    const loaded = await loadExercise(path, env.cwd, values['setting'] as string | undefined);
    const plan = planRun(loaded, site, env.cwd);
    const sizes = await withStore(env, values, (store) => sampleSizesFrom(store, plan));
    env.stdout.write(values['json'] ? `${JSON.stringify({ ...plan, sizes })}\n` : planText(plan, sizes, env));
    return exitCodes.ok.code;
  },
};

function planText(plan: Plan, sizes: SampleSizes, env: Env): string {
  const rows = [
    ['exercise', plan.exercise + (plan.setting ? ` (setting ${plan.setting})` : '')],
    ['hypothesis', plan.hypothesis],
    ['system', `${plan.template} as stack ${plan.stack}`],
    ['site', plan.site],
    ...(plan.quotas ? [['quotas', `of ${plan.quotas.profile}${plan.quotas.own > 0 ? `, ${plan.quotas.own} of them set by the site` : ''}`]] : []),
    ...plan.flows.map((flow) => [
      'traffic',
      `${flow.name}: ${relative(env.cwd, flow.file)}, ${flow.plannedArrivals} arrivals at up to ${flow.peakRatePerSec} a second`,
    ]),
    ...plan.phases.map(({ kind, lengthSec }) => [
      'phase',
      `${kind.padEnd(9)} ${durationText(lengthSec * 1_000)}${kind === 'warm-up' ? ' or more: until a whole minute starts' : ''}`,
    ]),
    ...plan.faults.map((fault) => [
      'fault',
      `${fault.name}: ${Object.entries(fault.parameters)
        .map(([name, value]) => `${name}=${value}`)
        .join(', ')}`,
    ]),
    ['objectives', `${plan.objectives.objectives.length}`],
    ...sizes.objectives.map((size) => ['samples', sizeText(size)]),
    ...(sizes.objectives.length > 0 ? [['', `by ${sizes.rests}`]] : []),
    ...plan.invariants.map(({ name, holds }) => ['invariant', `${name}: ${holds}`]),
    [
      'cost',
      plan.estimate
        ? `about ${usdText(plan.estimate.aboutUsd)} at list prices: ${plan.estimate.rests}`
        : `not known: no price list for the site's region`,
    ],
  ];
  rows.push(...sizes.objectives.flatMap(({ warning }) => (warning ? [['warning', warning]] : [])));
  return `${rows.map(([name = '', value]) => `${name.padEnd(10)}  ${value}`).join('\n')}\nThe plan holds; nothing was touched.\n`;
}
