import { AwsError, ProofloadError } from '../../../../core/errors.ts';
import { StageBuckets, type Throttle } from '../../../../models/apigateway/throttle.ts';
import { throttleSetting } from '../throttle-settings.ts';
import type { HttpApi, Stage } from './http-api.ts';

type Settings = Readonly<Record<string, unknown>>;

const known = ['ThrottlingBurstLimit', 'ThrottlingRateLimit', 'DetailedMetricsEnabled', 'DataTraceEnabled', 'LoggingLevel'];

/** A stage of an HTTP API as CloudFormation states it, with its buckets full. Throws AWS's error for settings of routes that the API does not have. */
export function stageOf(properties: Settings, api: HttpApi): Stage {
  const standard = checked('DefaultRouteSettings', properties['DefaultRouteSettings']);
  const own = Object.entries((properties['RouteSettings'] ?? {}) as Settings).map(([routeKey, settings]) => {
    if (!api.hasRoute(routeKey))
      throw new AwsError('NotFoundException', `Unable to find Route by key ${routeKey} within the provided RouteSettings`, 404);
    return [routeKey, checked(`RouteSettings ${routeKey}`, settings)] as const;
  });
  const throttles = own.flatMap(([routeKey, settings]) => {
    const throttle = throttleOf(settings);
    return throttle ? [[routeKey, throttle] as const] : [];
  });
  return {
    name: String(properties['StageName']),
    variables: properties['StageVariables'] as Stage['variables'],
    buckets: new StageBuckets({ standard: throttleOf(standard), own: new Map(throttles) }),
    detailed: {
      standard: standard['DetailedMetricsEnabled'] === true,
      own: new Map(own.flatMap(([routeKey, { DetailedMetricsEnabled: on }]) => (on === undefined ? [] : [[routeKey, on === true] as const]))),
    },
  };
}

function checked(what: string, settings: unknown = {}): Settings {
  const unknown = Object.keys(settings as object).find((key) => !known.includes(key));
  if (unknown !== undefined) throw new ProofloadError('unsupported-property', `${what}: property ${unknown} is not supported`);
  const { DataTraceEnabled: trace, LoggingLevel: level } = settings as { DataTraceEnabled?: unknown; LoggingLevel?: unknown };
  if (trace === true || (level !== undefined && level !== 'OFF'))
    throw new AwsError('BadRequestException', 'Execution logs are not supported on protocolType HTTP');
  return settings as Settings;
}

function throttleOf({ ThrottlingRateLimit: rate, ThrottlingBurstLimit: burst }: Settings): Throttle | undefined {
  return throttleSetting(rate, burst);
}
