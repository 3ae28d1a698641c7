import type { StopCondition, TemplateAction, TemplateInput, TemplateTarget } from '../../../models/fis/types.ts';
import type { ResourceHandler } from '../../contract.ts';
import type { TemplateStore } from './templates.ts';

type Members = Readonly<Record<string, unknown>>;

/**
 * AWS::FIS::ExperimentTemplate. Its members are those of the API in PascalCase; keys that the user chose (names of targets
 * and actions, parameters, tags) stay as they are. LogConfiguration is kept and has no effect: the lab writes no such logs.
 */
export function experimentTemplateResource(templates: TemplateStore): ResourceHandler {
  return {
    type: 'AWS::FIS::ExperimentTemplate',
    properties: [
      'Description',
      'Targets',
      'Actions',
      'StopConditions',
      'RoleArn',
      'Tags',
      'LogConfiguration',
      'ExperimentOptions',
      'ExperimentReportConfiguration',
    ],
    create: ({ properties }) => {
      const { id } = templates.create(templateInput(properties));
      return { physicalId: id, attributes: { Id: id } };
    },
    remove: (physicalId) => {
      templates.remove(physicalId);
    },
  };
}

/** The API's input that CloudFormation makes of the resource's properties. */
export function templateInput(properties: Members): TemplateInput {
  const { Actions, Targets, StopConditions, Tags, LogConfiguration, ExperimentOptions, ExperimentReportConfiguration } = properties;
  return {
    description: properties['Description'] as string | undefined,
    roleArn: properties['RoleArn'] as string | undefined,
    actions: entries(
      Actions,
      (action) => ({ ...camel(action), ...textMap(action, 'Parameters'), ...textMap(action, 'Targets') }) as never as TemplateAction,
    ),
    targets: entries(Targets, targetInput) ?? {},
    stopConditions: (StopConditions as Members[] | undefined)?.map((condition) => camel(condition) as never as StopCondition),
    tags: (Tags ?? {}) as Record<string, string>,
    ...(LogConfiguration === undefined ? {} : { logConfiguration: deepCamel(LogConfiguration) }),
    ...(ExperimentOptions === undefined ? {} : { experimentOptions: camel(ExperimentOptions as Members) }),
    ...(ExperimentReportConfiguration === undefined ? {} : { experimentReportConfiguration: ExperimentReportConfiguration }),
  };
}

function targetInput(target: Members): TemplateTarget {
  const filters = (target['Filters'] as Members[] | undefined)?.map(camel);
  return { ...camel(target), ...(filters ? { filters } : {}) } as never as TemplateTarget;
}

function entries<Value>(raw: unknown, convert: (members: Members) => Value): Record<string, Value> | undefined {
  if (raw === undefined) return undefined;
  return Object.fromEntries(Object.entries(raw as Record<string, Members>).map(([name, members]) => [name, convert(members)]));
}

/** Values of these maps are strings to FIS, whatever YAML made of them. */
function textMap(members: Members, name: string): Record<string, Record<string, string>> {
  const map = members[name];
  if (map === undefined) return {};
  return { [lower(name)]: Object.fromEntries(Object.entries(map as Members).map(([key, value]) => [key, String(value)])) };
}

function camel(members: Members): Record<string, unknown> {
  return Object.fromEntries(Object.entries(members).map(([name, value]) => [lower(name), value]));
}

function deepCamel(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(deepCamel);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [lower(name), deepCamel(each)]));
}

function lower(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1);
}
