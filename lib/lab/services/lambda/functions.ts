import { createHash } from 'node:crypto';
import { extensionNumbers, extensionSettings } from '../../../models/fis/extension/settings.ts';
import type { AdmissionLimits } from '../../../models/lambda/admission.ts';
import { Admission } from '../../../models/lambda/admission.ts';
import { coldStartRow, coldStartRuntimes } from '../../../models/lambda/cold-start.ts';
import { CpuEstimate } from '../../../models/lambda/cpu.ts';
import { IdleEnvironments } from '../../../models/lambda/environments.ts';
import type { LabContext } from '../../contract.ts';
import type { Bundle } from '../../functions/bundle.ts';
import type { FunctionHosts } from '../../functions/function-hosts.ts';
import { functionExists, functionNotFound, invalidParameter } from './errors.ts';
import { type SettingsInput, settingsOf } from './function-settings.ts';
import type { Architecture, FunctionSettings, LambdaFunction } from './lambda-function.ts';

export interface NewFunction {
  readonly name: string;
  readonly settings: FunctionSettings;
  readonly architecture: Architecture;
  readonly bundle: Bundle;
  readonly codeSize: number;
  readonly tags: Readonly<Record<string, string>>;
}

/** The functions of the account, by name or ARN, with what admits their invocations. */
export class Functions {
  readonly admission: Admission;
  readonly #context: LabContext;
  readonly #hosts: FunctionHosts;
  readonly #byName = new Map<string, LambdaFunction>();
  #nextDefinition = 1;

  constructor(context: LabContext, hosts: FunctionHosts) {
    this.#context = context;
    this.#hosts = hosts;
    this.admission = new Admission(limitsOf(context));
  }

  create({ name, settings, architecture, bundle, codeSize, tags }: NewFunction): LambdaFunction {
    if (this.#byName.has(name)) throw functionExists(name);
    const { latency, clock, rng } = this.#context;
    const created: LambdaFunction = {
      name,
      arn: this.#context.arn('lambda', `function:${name}`),
      architecture,
      bundle,
      codeSize,
      codeSha256: createHash('sha256').update(bundle.code).digest('base64'),
      tags,
      idle: new IdleEnvironments(latency.number('lambda.environment-idle-lifetime') * 1000),
      cpu: new CpuEstimate(),
      settings,
      definition: 0,
      coldStart: this.#coldStart(settings, architecture),
      extension: this.#extension(settings, architecture),
      lastModifiedMs: clock.now(),
      revisionId: rng.uuid(),
      deleted: false,
    };
    this.#byName.set(name, created);
    this.#define(created);
    return created;
  }

  /** Checks settings as `create` and `update` would; throws AWS's errors. */
  settings(input: SettingsInput, before?: FunctionSettings): FunctionSettings {
    return settingsOf(input, this.#context.quotas, before);
  }

  /** Gives a function new settings: its idle environments end, and those at work after their invocation. */
  update(found: LambdaFunction, settings: FunctionSettings): void {
    const coldStart = this.#coldStart(settings, found.architecture);
    this.#hosts.forget(found.definition);
    const extension = this.#extension(settings, found.architecture);
    Object.assign(found, { settings, coldStart, extension, lastModifiedMs: this.#context.clock.now(), revisionId: this.#context.rng.uuid() });
    this.#define(found);
    for (const environment of found.idle.drain()) environment.drop();
  }

  remove(found: LambdaFunction): void {
    found.deleted = true;
    this.#byName.delete(found.name);
    this.#hosts.forget(found.definition);
    for (const environment of found.idle.drain()) environment.drop();
    this.admission.forget(found.name);
  }

  /** The function that a name, a partial ARN or an ARN means; only its version $LATEST exists. */
  get(nameOrArn: string | undefined, qualifier?: string): LambdaFunction {
    const { name, version } = partsOf(nameOrArn ?? '');
    const found = this.#byName.get(name);
    const asked = qualifier ?? version;
    if (found && (asked === undefined || asked === '$LATEST')) return found;
    throw functionNotFound(this.#context.arn('lambda', `function:${name}${asked === undefined ? '' : `:${asked}`}`));
  }

  list(): LambdaFunction[] {
    return [...this.#byName.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  #define(found: LambdaFunction): void {
    const { settings, name, arn, bundle } = found;
    found.definition = this.#nextDefinition++;
    this.#hosts.define({
      id: found.definition,
      name,
      arn,
      ...bundle,
      handler: settings.handler,
      runtime: settings.runtime,
      memoryMb: settings.memoryMb,
      region: this.#context.region,
      logGroup: `/aws/lambda/${name}`,
      variables: settings.variables,
    });
  }

  #extension({ layers, variables }: FunctionSettings, architecture: Architecture) {
    return layers.length === 0 ? undefined : extensionSettings({ layers, variables, architecture }, extensionNumbers(this.#context.quotas));
  }

  #coldStart({ runtime, memoryMb }: FunctionSettings, architecture: Architecture) {
    const row = coldStartRow(this.#context.latency, runtime, architecture, memoryMb);
    if (row) return row;
    throw invalidParameter(
      `Value ${runtime} at 'runtime' failed to satisfy constraint: Member must satisfy enum value set: ` +
        `[${coldStartRuntimes(this.#context.latency).join(', ')}] (the lab knows only runtimes whose cold starts config/latency has)`,
    );
  }
}

/** `arn:aws:lambda:region:account:function:name[:version]`, `account:function:name[:version]` or `name[:version]`. */
function partsOf(text: string): { name: string; version: string | undefined } {
  const at = text.indexOf('function:');
  const [name = '', version] = (at < 0 ? text : text.slice(at + 'function:'.length)).split(':');
  return { name, version };
}

function limitsOf({ quotas }: LabContext): AdmissionLimits {
  return {
    account: quotas.number('lambda.account-concurrency'),
    unreservedMinimum: quotas.number('lambda.unreserved-concurrency-minimum'),
    scalingEnvironments: quotas.number('lambda.scaling-environments'),
    scalingPeriodSec: quotas.number('lambda.scaling-period'),
    invocationsPerConcurrency: quotas.number('lambda.invocations-per-concurrency'),
    invocationBurstSec: quotas.number('lambda.invocation-rate-burst'),
  };
}
