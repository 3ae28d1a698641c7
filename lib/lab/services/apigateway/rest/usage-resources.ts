import { AwsError, ProofloadError } from '../../../../core/errors.ts';
import { methodKey } from '../../../../models/apigateway/methods.ts';
import type { Quota, QuotaPeriod } from '../../../../models/apigateway/quota.ts';
import type { Throttle } from '../../../../models/apigateway/throttle.ts';
import type { LabContext, ResourceHandler } from '../../../contract.ts';
import { throttleSetting } from '../throttle-settings.ts';
import type { RestApis } from './rest-apis.ts';

import type { UsagePlans } from './usage-plans.ts';

type Mapping = Readonly<Record<string, unknown>>;

/** The types of API Gateway for clients with API keys. */
export function usageResources(context: LabContext, apis: RestApis, plans: UsagePlans): ResourceHandler[] {
  return [planResource(apis, plans), keyResource(context, plans), planKeyResource(context, plans)];
}

function planResource(apis: RestApis, plans: UsagePlans): ResourceHandler {
  return {
    type: 'AWS::ApiGateway::UsagePlan',
    // Harmless: UsagePlanName, Description, Tags.
    properties: ['ApiStages', 'Throttle', 'Quota', 'UsagePlanName', 'Description', 'Tags'],
    create({ properties }) {
      const stages = ((properties['ApiStages'] ?? []) as readonly Mapping[]).map((each) => apiStage(apis, each));
      const limits = {
        throttle: planThrottle(properties['Throttle']),
        quota: quotaOf(properties['Quota'] as Mapping | undefined),
        methods: new Map(stages.map(({ key, throttles }) => [key, throttles])),
      };
      const id = plans.addPlan(limits, limits.methods.keys());
      return { physicalId: id, attributes: { Id: id } };
    },
    remove: (physicalId) => plans.removePlan(physicalId),
  };
}

function keyResource({ quotas }: LabContext, plans: UsagePlans): ResourceHandler {
  return {
    type: 'AWS::ApiGateway::ApiKey',
    // Harmless: Name, Description, Tags.
    properties: ['Value', 'Enabled', 'Name', 'Description', 'Tags'],
    create({ properties, logicalId }) {
      const value = properties['Value'];
      if (value === undefined) {
        const hint = 'give the key a Value: one that API Gateway makes up could only be read with GetApiKey, which the lab does not have';
        throw new ProofloadError('unsupported-property', `${logicalId}: an API key without Value is not supported`, { hint });
      }
      const minimum = quotas.number('apigateway.api-key-min');
      if (String(value).length < minimum) throw new AwsError('BadRequestException', `API Key value should be at least ${minimum} characters`);
      // Without `Enabled` a key is made disabled, as API Gateway's own default is.
      const id = plans.addKey(String(value), properties['Enabled'] === true);
      return { physicalId: id, attributes: { APIKeyId: id } };
    },
    remove: (physicalId) => plans.removeKey(physicalId),
  };
}

function planKeyResource({ clock }: LabContext, plans: UsagePlans): ResourceHandler {
  return {
    type: 'AWS::ApiGateway::UsagePlanKey',
    properties: ['KeyId', 'KeyType', 'UsagePlanId'],
    create({ properties }) {
      const [keyId, planId] = [String(properties['KeyId']), String(properties['UsagePlanId'])];
      if (properties['KeyType'] !== 'API_KEY') throw new AwsError('BadRequestException', `Invalid key type: ${String(properties['KeyType'])}`);
      plans.link(planId, keyId, clock.now());
      return { physicalId: `${keyId}:${planId}`, attributes: { Id: `${keyId}:${planId}` } };
    },
    remove: (physicalId) => {
      const [keyId = '', planId = ''] = physicalId.split(':');
      plans.unlink(planId, keyId);
    },
  };
}

function apiStage(apis: RestApis, { ApiId, Stage, Throttle: throttle }: Mapping): { key: string; throttles: ReadonlyMap<string, Throttle> } {
  const [apiId, name] = [String(ApiId), String(Stage)];
  const stage = apis.find(apiId)?.stages.get(name);
  if (!stage) throw new AwsError('NotFoundException', `API Stage not found: ${apiId}:${name}`, 404);
  const throttles = Object.entries((throttle ?? {}) as Readonly<Record<string, unknown>>).flatMap(([path, limits]) => {
    const limit = planThrottle(limits);
    return limit ? [[planMethodKey(path), limit] as const] : [];
  });
  return { key: stage.key, throttles: new Map(throttles) };
}

/** `/orders/{id}/GET`: how a usage plan names a method. */
function planMethodKey(path: string): string {
  const slash = path.lastIndexOf('/');
  return methodKey(path.slice(slash + 1).toUpperCase(), slash <= 0 ? '/' : path.slice(0, slash));
}

function planThrottle(limits: unknown): Throttle | undefined {
  const { RateLimit, BurstLimit } = (limits ?? {}) as Mapping;
  return throttleSetting(RateLimit, BurstLimit);
}

function quotaOf(quota: Mapping | undefined): Quota | undefined {
  if (!quota) return undefined;
  const { Limit, Offset = 0, Period } = quota;
  const period = String(Period);
  if (Limit === undefined || !isPeriod(period))
    throw new AwsError('BadRequestException', 'Usage Plan quota needs a limit and a period of DAY, WEEK or MONTH');
  return { limit: Number(Limit), offset: Number(Offset), period };
}

function isPeriod(text: string): text is QuotaPeriod {
  return text === 'DAY' || text === 'WEEK' || text === 'MONTH';
}
