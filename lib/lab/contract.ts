import type { Clock } from '../core/clock.ts';
import type { Numbers } from '../core/numbers.ts';
import type { Rng } from '../core/rng.ts';

/** CloudWatch dimensions; order does not matter. */
export type Dimensions = Readonly<Record<string, string>>;

/** One CloudWatch series to which a service adds values; get it once, keep it, add often (it is on the hot path). */
export interface MetricSeries {
  /** Adds one value at the lab's time `atMs` (default: now). */
  add(value: number, atMs?: number): void;
}

/** Where services publish metrics; `AWS/...` namespaces, names, dimensions and units as AWS has them. */
export interface MetricSink {
  series(namespace: string, metric: string, dimensions: Dimensions, unit: string): MetricSeries;
}

/** Who makes a call: `account` for what users and SDKs send, `service` for what one service of AWS does in another (FIS in SSM, SSM in Lambda). */
export type Caller = { kind: 'http' } | { kind: 'function'; functionName: string } | { kind: 'service'; service: string };

/** What an operation knows of the call it serves. */
export interface CallContext {
  readonly requestId: string;
  readonly caller: Caller;
  /** Monotonic wall milliseconds at which the call reached the pipeline; service time is counted from here. */
  readonly arrivedMs: number;
  /** An operation that does its own waiting (Lambda Invoke) reports here what its models meant it to take, in wall ms; the pipeline's excess is delivered minus this. */
  modelledMs: number;
}

/** Units consumed by one call, for the meter: `dimension` is the price's key, such as `dynamodb.write-request-unit`. */
export interface Usage {
  readonly resource: string;
  readonly dimension: string;
  readonly quantity: number;
}

/**
 * One API operation of one service. Input and output have the shapes of the AWS SDK's `XCommandInput` and
 * `XCommandOutput` (timestamps are Dates, blobs are Uint8Arrays); the gateway does every wire format.
 * The pipeline runs, in this order: faults, `admit`, service time by `latencyKey`, `act`, `meter`, metrics.
 */
export interface Operation<Input = never, Output = unknown> {
  /** Throws an AwsError when capacity or a quota refuses the call; runs before anything else is done. */
  admit?(input: Input, call: CallContext): void;
  /** Key of `config/latency` for the service time; without it the operation takes no modelled time. */
  readonly latencyKey?: string;
  act(input: Input, call: CallContext): Output | Promise<Output>;
  meter?(input: Input, output: Output, call: CallContext): readonly Usage[];
  /** What a call consumed that ended with `error`; without it, nothing. */
  meterError?(input: Input, error: unknown, call: CallContext): readonly Usage[];
  /** Publishes the call's own metrics once it is over, refused and failed calls too; `latencyMs` is what it took, in wall ms. */
  publish?(input: Input, outcome: Outcome<Output>, latencyMs: number, call: CallContext): void;
}

/** How a call ended: with its output, or with what was thrown (an AwsError for everything a caller can expect). */
export type Outcome<Output = unknown> =
  | { readonly output: Output; readonly error?: undefined }
  | { readonly output?: undefined; readonly error: unknown };

/** Creates and removes what one CloudFormation resource type stands for. */
export interface ResourceHandler {
  /** CloudFormation's type, such as `AWS::Lambda::Function`. */
  readonly type: string;
  /** Every property that is honoured or harmless to ignore (say which in a comment); any other is refused by name. */
  readonly properties: readonly string[];
  /** Creates it. `properties` are resolved: no intrinsic is left. */
  create(request: ResourceRequest): Promise<CreatedResource> | CreatedResource;
  /** Changes what `create` made, in place, to what `request` says; undefined where that takes a replacement. Without it every change does. */
  update?(physicalId: string, request: ResourceRequest): Promise<CreatedResource | undefined> | CreatedResource | undefined;
  /** Removes what `create` made of `properties`, by its physical id; without it the resource outlives its stack until the lab ends. */
  remove?(physicalId: string, properties: Readonly<Record<string, unknown>>): Promise<void> | void;
}

export interface ResourceRequest {
  readonly stackName: string;
  readonly logicalId: string;
  readonly properties: Readonly<Record<string, unknown>>;
  /** Folder of the template file, for CodeUri and the like. */
  readonly templateFolder: string;
}

export interface CreatedResource {
  /** What `Ref` gives. */
  readonly physicalId: string;
  /** What `Fn::GetAtt` gives, by attribute. */
  readonly attributes?: Readonly<Record<string, unknown>>;
}

/** A plain HTTP request to a front door (API Gateway and its like), as it came in. */
export interface FrontDoorRequest {
  readonly method: string;
  /** Path below the front door's own prefix, starting with `/`, not decoded. */
  readonly path: string;
  /** Without the question mark; '' when there is none. */
  readonly rawQuery: string;
  /** Lower-case names; repeated headers joined by `, `. */
  readonly headers: Readonly<Record<string, string>>;
  /** Names and values in turn, as they were sent. */
  readonly rawHeaders: readonly string[];
  readonly body: Uint8Array;
  readonly sourceIp: string;
  readonly arrivedMs: number;
}

export interface FrontDoorResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly body: Uint8Array | string;
  /** What the models meant the request to take, in wall ms; the gateway publishes delivered minus this as Excess of Operation `<service name>.Request`. */
  readonly modelledMs?: number;
  /** That series, set by the gateway: the excess is published once the response is sent. */
  readonly excess?: MetricSeries | undefined;
  /** Units that the request consumed, for the meter. */
  readonly usage?: readonly Usage[];
}

/** The data plane of a service that clients reach by plain HTTP at `<endpoint><prefix><id>/...`. */
interface FrontDoors {
  /** Such as `/_api/`. */
  readonly prefix: string;
  serve(id: string, request: FrontDoorRequest): Promise<FrontDoorResponse>;
  /** Names and URLs of what is open now. */
  list(): Readonly<Record<string, string>>;
}

/** An AWS API request as it is on the wire; HTTP clients and function hosts send the same thing. */
export interface WireRequest {
  readonly method: string;
  /** Path only, starting with `/`, not decoded. */
  readonly path: string;
  /** Raw query string without the question mark; '' when there is none. */
  readonly query: string;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  readonly caller: Caller;
  /** Monotonic wall milliseconds (`monotonicMs`) at which the request reached the lab. */
  readonly arrivedMs: number;
  /** Signing name of the service (`dynamodb`, `lambda`, ...); function hosts set it because they send unsigned. Without it the signature's credential scope decides. */
  readonly service?: string;
}

export interface WireResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array | string;
  /** What the models meant the call to take, in wall ms; a function host needs it to tell the function's own time from the lab's lateness. */
  readonly modelledMs?: number;
  /** Where whoever sends the response on publishes, once it is sent, how late that was beyond `modelledMs`; absent when that is done. */
  readonly excess?: MetricSeries | undefined;
}

/** One service of the lab: its operations by AWS name, the CloudFormation types it creates, its background work. */
export interface LabService {
  /** AWS's endpoint prefix: `dynamodb`, `lambda`, `monitoring` (CloudWatch), `fis`, `ssm`, `sts`, `cloudformation`. */
  readonly name: string;
  readonly operations: Readonly<Record<string, Operation>>;
  readonly resources?: readonly ResourceHandler[];
  readonly frontDoors?: FrontDoors;
  /** Starts pollers and evaluators on the lab's clock. */
  start?(): void;
  /** Stops them and frees what the service holds; called once. */
  stop?(): Promise<void> | void;
}

/** What every service is built with. */
export interface LabContext {
  readonly account: string;
  readonly region: string;
  /** The lab's time: metrics, alarms, FIS, SSM, buckets, environment life; may run faster than the wall. */
  readonly clock: Clock;
  /** The wall's time: service time, handlers, function time-outs, as clients measure them. */
  readonly wall: Clock;
  readonly rng: Rng;
  readonly quotas: Numbers;
  readonly latency: Numbers;
  /** False under `--latency none`: no service time, no cold-start delay (cold starts still happen and count). */
  readonly delays: boolean;
  /** `--as-aws-is`: AWS's lateness and gaps of metrics, slow FIS states, control-plane throttles. */
  readonly asAwsIs: boolean;
  readonly metrics: MetricSink;
  /** Adds units that were consumed apart from any call (state transitions); those of a call go through its operation's `meter`. */
  meter(usages: readonly Usage[]): void;
  /** Base URL of the lab once it listens, such as `http://127.0.0.1:4566`. */
  readonly endpoint: () => string;
  /** An API call from one service to another, through the whole pipeline; rejects with AwsError. */
  call<Output>(service: string, operation: string, input: unknown, caller: Caller): Promise<Output>;
  /** A request in wire format through the same pipeline as HTTP; never rejects: errors are responses. */
  wire(request: WireRequest): Promise<WireResponse>;
  /** ARN of a resource of this account: `arn('lambda', 'function:f')`. */
  arn(service: string, resource: string): string;
}
