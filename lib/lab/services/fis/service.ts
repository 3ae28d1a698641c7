import type { LabContext, LabService } from '../../contract.ts';
import { createFaultConfigurations, type FaultConfigurations } from '../../functions/fault-configurations.ts';
import { catalogueOperations } from './catalogue.ts';
import { createExperiments } from './experiments.ts';
import { experimentTemplateResource } from './resource.ts';
import { createSafetyLever } from './safety-lever.ts';
import { tagOperations } from './tags.ts';
import { createTemplateStore } from './templates.ts';

/** AWS Fault Injection Service: templates and experiments on the lab's clock, stop conditions on the lab's own alarms. */
export function createFisService(context: LabContext, faults: FaultConfigurations = createFaultConfigurations()): LabService {
  const templates = createTemplateStore(context);
  const lever = createSafetyLever(context, () => experiments.stopAll('Experiment halted by safety lever.'));
  const experiments = createExperiments(context, templates, lever, faults);
  const tags = tagOperations(context, (arn) => templates.tagsOf(arn) ?? experiments.tagsOf(arn));
  return {
    name: 'fis',
    operations: { ...templates.operations, ...experiments.operations, ...lever.operations, ...catalogueOperations(context), ...tags },
    resources: [experimentTemplateResource(templates)],
    stop: () => experiments.close(),
  };
}
