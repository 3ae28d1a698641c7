import { AwsError, ProofloadError } from '../../../../core/errors.ts';
import { methodKey } from '../../../../models/apigateway/methods.ts';
import { StageBuckets, type Throttle } from '../../../../models/apigateway/throttle.ts';
import { throttleSetting } from '../throttle-settings.ts';
import type { RestApi, RestStage, StageInput } from './rest-api.ts';

type Settings = Readonly<Record<string, unknown>>;

// Harmless: logs.
const known = ['ResourcePath', 'HttpMethod', 'ThrottlingBurstLimit', 'ThrottlingRateLimit', 'MetricsEnabled', 'LoggingLevel', 'DataTraceEnabled'];

/** A stage that serves a deployment, its buckets full. */
export function stageOf(api: RestApi, input: StageInput): RestStage {
  const { name, deploymentId, variables, methodSettings = [] } = input;
  const methods = api.deployment(deploymentId);
  const settings = new Map((methodSettings as readonly Settings[]).map((each) => [settingKey(each), each]));
  const own = new Map<string, Settings>();
  for (const { key, resource } of methods.all) {
    const found = settings.get(key) ?? settings.get(methodKey('*', resource));
    if (found) own.set(key, found);
  }
  const standard = settings.get('*') ?? {};
  const throttles = [...own].flatMap(([key, each]) => {
    const throttle = throttleOf(each);
    return throttle ? [[key, throttle] as const] : [];
  });
  const isDetailed = (key: string): boolean => ((own.get(key) ?? standard)['MetricsEnabled'] ?? standard['MetricsEnabled']) === true;
  return {
    input,
    name,
    key: `${api.id}/${name}`,
    deploymentId,
    methods,
    variables: variables as RestStage['variables'],
    buckets: new StageBuckets({ standard: throttleOf(standard), own: new Map(throttles) }),
    detailed: new Set(methods.all.map(({ key }) => key).filter(isDetailed)),
  };
}

/** `*` for all methods of all resources; CloudFormation writes the slashes of a path as `~1`, all but the first. */
function settingKey(setting: Settings): string {
  const unknown = Object.keys(setting).find((key) => !known.includes(key));
  if (unknown !== undefined) throw new ProofloadError('unsupported-property', `MethodSettings: property ${unknown} is not supported`);
  const path = String(setting['ResourcePath'] ?? '')
    .replace(/^\/~1/, '/')
    .replaceAll('~1', '/');
  const method = String(setting['HttpMethod'] ?? '').toUpperCase();
  if (path === '/*' && method === '*') return '*';
  if (path === '/*' || !path.startsWith('/') || method === '')
    throw new AwsError('BadRequestException', `Invalid method setting path: ${path}/${method}`);
  return methodKey(method, path);
}

function throttleOf({ ThrottlingRateLimit: rate, ThrottlingBurstLimit: burst }: Settings): Throttle | undefined {
  return throttleSetting(rate, burst);
}
