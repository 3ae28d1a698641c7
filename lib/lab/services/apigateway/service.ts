import { gatewayResponse } from '../../../models/apigateway/response.ts';
import type { LabContext, LabService } from '../../contract.ts';
import { Apis } from './apis.ts';
import { FrontDoor } from './front-door.ts';
import { apiGatewayResources } from './resources.ts';

const prefix = '/_api/';

/** API Gateway's HTTP APIs: made of templates only, reached at `<endpoint>/_api/<api id>/...`. */
export function createApiGatewayService(context: LabContext): LabService {
  const apis = new Apis(context.rng.fork('apigateway-ids'));
  const frontDoor = new FrontDoor(context);
  const urlOf = (id: string): string => `${context.endpoint()}${prefix}${id}`;
  return {
    name: 'apigateway',
    operations: {},
    resources: apiGatewayResources(context, apis),
    frontDoors: {
      prefix,
      serve(id, request) {
        const api = apis.find(id);
        // Without its API the name would not resolve on AWS; here there is something to answer.
        return api ? frontDoor.serve(api, request) : Promise.resolve(gatewayResponse(404, 'Not Found'));
      },
      list: () => Object.fromEntries(apis.all().flatMap((api) => [...api.stages.keys()].map((stage) => doorOf(api.name, stage, urlOf(api.id))))),
    },
  };
}

/** The stage belongs to the name only where it belongs to the URL. */
function doorOf(name: string, stage: string, url: string): [string, string] {
  return stage === '$default' ? [name, url] : [`${name}/${stage}`, `${url}/${stage}`];
}
