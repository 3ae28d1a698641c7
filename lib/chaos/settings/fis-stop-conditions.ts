import { GetExperimentTemplateCommand, UpdateExperimentTemplateCommand } from '@aws-sdk/client-fis';
import type { RestorableSetting } from '../types.ts';

interface StopCondition {
  readonly source?: string | undefined;
  readonly value?: string | undefined;
}

/** The stop conditions of an experiment template, as JSON: a run adds its guards' alarms while it starts an experiment. An experiment keeps those of its start. */
export const fisStopConditions: RestorableSetting = {
  name: 'fis:stop-conditions',
  async read(clients, resource) {
    const { experimentTemplate } = await clients.fis.send(new GetExperimentTemplateCommand({ id: resource }));
    return stopConditionsText(experimentTemplate?.stopConditions ?? []);
  },
  async write(clients, resource, value) {
    await clients.fis.send(new UpdateExperimentTemplateCommand({ id: resource, stopConditions: JSON.parse(value) as { source: string }[] }));
  },
  command: (resource, value) => `aws fis update-experiment-template --id ${resource} --stop-conditions '${value}'`,
};

/** One text for the same conditions, whatever order FIS has them in. */
function stopConditionsText(conditions: readonly StopCondition[]): string {
  const sorted = conditions.map(({ source, value }) => ({ source, ...(value === undefined ? {} : { value }) }));
  return JSON.stringify(sorted.sort((a, b) => ((a.value ?? '') < (b.value ?? '') ? -1 : 1)));
}

/** The conditions of `text` with those alarms added; what says that there are none gives way. */
export function withAlarms(text: string, arns: readonly string[]): string {
  const own = (JSON.parse(text) as StopCondition[]).filter(({ source }) => source !== 'none');
  return stopConditionsText([...own, ...arns.map((value) => ({ source: 'aws:cloudwatch:alarm', value }))]);
}
