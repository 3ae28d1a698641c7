import type { Reading } from '../sections.ts';
import { templateError } from '../template-error.ts';
import type { TemplateResource } from '../types.ts';
import { type HttpApiRoute, transformFunction } from './function.ts';
import { mergeGlobals, readGlobals } from './globals.ts';
import { implicitHttpApi, transformHttpApi } from './http-api.ts';
import { implicitHttpApiId } from './sam-reading.ts';
import { transformSimpleTable } from './simple-table.ts';
import { transformStateMachine } from './state-machine.ts';

const supportedTypes = ['AWS::Serverless::Function', 'AWS::Serverless::HttpApi', 'AWS::Serverless::SimpleTable', 'AWS::Serverless::StateMachine'];

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
  const routes: HttpApiRoute[] = [];
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
    else if (resource.type === 'AWS::Serverless::HttpApi') apis.push(merged);
    else {
      const made = transformFunction(merged, reading);
      made.resources.forEach(add);
      routes.push(...made.routes);
    }
  }
  const firstImplicit = routes.find(({ apiId }) => apiId === implicitHttpApiId);
  if (firstImplicit && !declared[implicitHttpApiId]) apis.push(implicitHttpApi(firstImplicit.owner, inherited('AWS::Serverless::HttpApi')));
  for (const { apiId, owner, line } of routes) {
    if (apis.some(({ logicalId }) => logicalId === apiId)) continue;
    throw templateError(
      'unresolved-reference',
      { file: reading.file, line },
      `an event of ${owner.logicalId} mentions ${apiId}, which is no AWS::Serverless::HttpApi of this template`,
    );
  }
  for (const api of apis) {
    const own = routes.filter(({ apiId }) => apiId === api.logicalId);
    transformHttpApi(api, own, reading).forEach(add);
  }
  return Object.fromEntries(result);
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
