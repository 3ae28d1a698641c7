/** What a client of the AWS SDK is made with. */
export type ClientConfig = Readonly<Record<string, unknown>> & { readonly requestHandler?: unknown; readonly region?: unknown };

/** A client's configuration once it is made, as far as it is read or changed here. */
export interface MadeConfig {
  readonly [name: string]: unknown;
  readonly defaultSigningName?: string;
  readonly credentials?: unknown;
  endpointProvider?: unknown;
}

/** What every client looks up in Node's environment and in files, and which is the same for each client of a class in this host. */
const lookUps = [
  'accountIdEndpointMode',
  'authSchemePreference',
  'defaultsMode',
  'endpointDiscoveryEnabledProvider',
  'maxAttempts',
  'retryMode',
  'useDualstackEndpoint',
  'useFipsEndpoint',
  'userAgentAppId',
] as const;

type EndpointProvider = (parameters: unknown, context: unknown) => unknown;

/**
 * What the clients of one class have in common, found by the first of them: each look-up of the SDK that finds nothing makes errors with their stacks,
 * which is most of what making a client and its first call cost. A function's own settings and variables come before.
 */
export class LookedUp {
  readonly #providers: Record<string, unknown> = {};
  /** By region. */
  readonly #endpoints = new Map<unknown, unknown>();

  /** The rest of a configuration beside what the function gave. */
  defaults(variables: Readonly<Record<string, string>>): Record<string, unknown> {
    const { AWS_MAX_ATTEMPTS: maxAttempts, AWS_RETRY_MODE: retryMode } = variables;
    return {
      ...this.#providers,
      // Every endpoint is the lab's.
      ignoreConfiguredEndpointUrls: true,
      ...(maxAttempts ? { maxAttempts: Number(maxAttempts) } : {}),
      ...(retryMode ? { retryMode } : {}),
    };
  }

  /** Keeps what a client made with `given` has found, and spares it resolving its endpoint at each call. */
  made(config: MadeConfig, given: Readonly<Record<string, unknown>>, region: unknown): void {
    for (const name of lookUps) {
      const found = config[name];
      if (found !== undefined && given[name] === undefined) this.#providers[name] ??= found;
    }
    const { endpointProvider } = config;
    // A bucket is part of S3's endpoint; one that the function gave is its own.
    if (typeof endpointProvider !== 'function' || 'forcePathStyle' in config || given['endpoint'] !== undefined) return;
    config.endpointProvider = (parameters: unknown, context: unknown): unknown => {
      if (!this.#endpoints.has(region)) this.#endpoints.set(region, (endpointProvider as EndpointProvider)(parameters, context));
      return this.#endpoints.get(region);
    };
  }
}
