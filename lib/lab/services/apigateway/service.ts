import { gatewayResponse } from '../../../models/apigateway/response.ts';
import { bucketOf } from '../../../models/apigateway/throttle.ts';
import type { LabContext, LabService } from '../../contract.ts';
import { Exchanges } from './exchange.ts';
import { Apis } from './http/apis.ts';
import { HttpRequests } from './http/requests.ts';
import { httpApiResources } from './http/resources.ts';

const prefix = '/_api/';

/** API Gateway's HTTP APIs: made of templates only, reached at `<endpoint>/_api/<api id>/...`. */
export function createApiGatewayService(context: LabContext): LabService {
  const { quotas, clock } = context;
  const apis = new Apis(context.rng.fork('apigateway-ids'));
  const account = { ratePerSec: quotas.number('apigateway.account-rate'), burst: quotas.number('apigateway.account-burst') };
  const http = new HttpRequests(context, new Exchanges(context), bucketOf(account, clock.now()));
  const urlOf = (id: string): string => `${context.endpoint()}${prefix}${id}`;
  return {
    name: 'apigateway',
    operations: {},
    resources: httpApiResources(context, apis),
    frontDoors: {
      prefix,
      serve(id, request) {
        const api = apis.find(id);
        // Without its API the name would not resolve on AWS; here there is something to answer.
        return api ? http.serve(api, request) : Promise.resolve(gatewayResponse(404, 'Not Found'));
      },
      list: () => Object.fromEntries(apis.all().flatMap((api) => [...api.stages.keys()].map((stage) => doorOf(api.name, stage, urlOf(api.id))))),
    },
  };
}

/** The stage belongs to the name only where it belongs to the URL. */
function doorOf(name: string, stage: string, url: string): [string, string] {
  return stage === '$default' ? [name, url] : [`${name}/${stage}`, `${url}/${stage}`];
}
