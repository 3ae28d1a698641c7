import type { Reading } from '../sections.ts';
import { templateError } from '../template-error.ts';
import type { TemplateResource } from '../types.ts';
import { type ApiEvent, checkApiOf, implicitApiIds } from './events.ts';
import { transformFunction } from './function.ts';
import { mergeGlobals, readGlobals } from './globals.ts';
import { implicitHttpApi, transformHttpApi } from './http-api.ts';
import { implicitRestApi, transformRestApi } from './rest-api.ts';
import { transformSimpleTable } from './simple-table.ts';
import { transformStateMachine } from './state-machine.ts';

const supportedTypes = [
  'AWS::Serverless::Api',
  'AWS::Serverless::Function',
  'AWS::Serverless::HttpApi',
  'AWS::Serverless::SimpleTable',
  'AWS::Serverless::StateMachine',
];

/**
 * AWS::Serverless-2016-10-31: replaces SAM's resources by the CloudFormation resources that AWS's own transform makes, under the same
 * logical ids. Throws `unsupported-resource` or `unsupported-property` for what it does not know.
 */
export function applySamTransform(
  declared: Readonly<Record<string, TemplateResource>>,
  globals: unknown,
  reading: Reading,
): Record<string, TemplateResource> {
  const inherited = readGlobals(globals, reading);
  const result = new Map<string, TemplateResource>();
  const add = (resource: TemplateResource): void => void result.set(resource.logicalId, resource);
  const events: ApiEvent[] = [];
  const apis: TemplateResource[] = [];
  for (const resource of Object.values(declared)) {
    if (!resource.type.startsWith('AWS::Serverless::')) {
      add(resource);
      continue;
    }
    checkType(resource, reading);
    const merged = { ...resource, properties: mergeGlobals(inherited(resource.type), resource.properties, reading) };
    if (resource.type === 'AWS::Serverless::SimpleTable') add(transformSimpleTable(merged, reading));
    else if (resource.type === 'AWS::Serverless::StateMachine') transformStateMachine(merged, reading).forEach(add);
    else if (resource.type === 'AWS::Serverless::HttpApi' || resource.type === 'AWS::Serverless::Api') apis.push(merged);
    else {
      const made = transformFunction(merged, reading);
      made.resources.forEach(add);
      events.push(...made.events);
    }
  }
  apis.push(...implicitApis(events, declared, inherited));
  for (const event of events) checkApiOf(event, apis, reading);
  for (const api of apis) {
    const own = events.filter(({ apiId }) => apiId === api.logicalId);
    const transform = api.type === 'AWS::Serverless::Api' ? transformRestApi : transformHttpApi;
    transform(api, own, reading).forEach(add);
  }
  return Object.fromEntries(result);
}

/** The APIs that SAM makes for events that name none, unless the template declares one under that id. */
function implicitApis(
  events: readonly ApiEvent[],
  declared: Readonly<Record<string, TemplateResource>>,
  inherited: (type: string) => Record<string, unknown>,
): TemplateResource[] {
  const first = (apiId: string): ApiEvent | undefined => (declared[apiId] ? undefined : events.find((event) => event.apiId === apiId));
  const [http, rest] = [first(implicitApiIds.http), first(implicitApiIds.rest)];
  return [
    ...(http ? [implicitHttpApi(http.owner, inherited('AWS::Serverless::HttpApi'))] : []),
    ...(rest ? [implicitRestApi(rest.owner, inherited('AWS::Serverless::Api'))] : []),
  ];
}

function checkType({ logicalId, type, line }: TemplateResource, { file }: Reading): void {
  if (supportedTypes.includes(type)) return;
  throw templateError(
    'unsupported-resource',
    { file, line },
    `resource ${logicalId}: type ${type} is not supported`,
    `of SAM's types, supported are ${supportedTypes.join(', ')}`,
  );
}
