import { gatewayResponse } from '../../../models/apigateway/response.ts';
import { bucketOf } from '../../../models/apigateway/throttle.ts';
import type { FrontDoorRequest, FrontDoorResponse, LabContext, LabService } from '../../contract.ts';
import { Exchanges } from './exchange.ts';
import { Apis } from './http/apis.ts';
import { HttpRequests } from './http/requests.ts';
import { httpApiResources } from './http/resources.ts';
import { RestRequests } from './rest/requests.ts';
import { restApiResources } from './rest/resources.ts';
import { RestApis } from './rest/rest-apis.ts';
import { UsagePlans } from './rest/usage-plans.ts';
import { usageResources } from './rest/usage-resources.ts';

const prefix = '/_api/';

/** API Gateway's HTTP and REST APIs: made of templates only, reached at `<endpoint>/_api/<api id>/...`. */
export function createApiGatewayService(context: LabContext): LabService {
  const { quotas, clock, rng } = context;
  const [httpApis, restApis, plans] = [
    new Apis(rng.fork('apigateway-ids')),
    new RestApis(rng.fork('apigateway-rest-ids')),
    new UsagePlans(rng.fork('apigateway-plan-ids')),
  ];
  const account = bucketOf({ ratePerSec: quotas.number('apigateway.account-rate'), burst: quotas.number('apigateway.account-burst') }, clock.now());
  const exchanges = new Exchanges(context);
  const http = new HttpRequests(context, exchanges, account);
  const rest = new RestRequests(context, exchanges, account, plans);
  return {
    name: 'apigateway',
    operations: {},
    resources: [...httpApiResources(context, httpApis), ...restApiResources(context, restApis), ...usageResources(context, restApis, plans)],
    frontDoors: {
      prefix,
      serve: (id, request) => serve(id, request),
      list: () =>
        Object.fromEntries([...httpApis.all(), ...restApis.all()].flatMap((api) => doorsOf(api, `${context.endpoint()}${prefix}${api.id}`))),
    },
  };

  function serve(id: string, request: FrontDoorRequest): Promise<FrontDoorResponse> {
    const httpApi = httpApis.find(id);
    if (httpApi) return http.serve(httpApi, request);
    const restApi = restApis.find(id);
    if (restApi) return rest.serve(restApi, request);
    // Without its API the name would not resolve on AWS; here there is something to answer.
    return Promise.resolve(gatewayResponse(404, 'Not Found'));
  }
}

/** The stage belongs to the name only where it belongs to the URL. */
function doorsOf({ name, stages }: { name: string; stages: ReadonlyMap<string, unknown> }, url: string): [string, string][] {
  return [...stages.keys()].map((stage) => (stage === '$default' ? [name, url] : [`${name}/${stage}`, `${url}/${stage}`]));
}
