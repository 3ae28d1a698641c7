import { createRequire, isBuiltin } from 'node:module';
import { join } from 'node:path';
import { packageRoot } from '../../../core/package-root.ts';
import type { Environment } from './environment.ts';
import { wrapClientPackage } from './sdk.ts';
import type { WireCalls } from './wire-calls.ts';

const ownRequire = createRequire(join(packageRoot(), 'package.json'));

/** Loads what bundles require, so that the first environment's start does not pay for it; what cannot be loaded fails there. */
export function preload(names: readonly string[], folder: string | undefined): void {
  for (const name of names) {
    try {
      load(name, folder);
    } catch {
      // The environment that requires it reports it as AWS does.
    }
  }
}

/** The SDK of proofload itself stands for the one in AWS's runtime; a package that it lacks may lie beside the function. */
function load(name: string, folder: string | undefined): unknown {
  if (isBuiltin(name)) return ownRequire(name);
  try {
    return ownRequire(name);
  } catch (thrown) {
    if (folder === undefined || (thrown as NodeJS.ErrnoException).code !== 'MODULE_NOT_FOUND') throw thrown;
    return createRequire(join(folder, 'index.js'))(name);
  }
}

/**
 * `require` of one environment: Node's modules as they are, its own `process` and timers in their place, and the AWS SDK with
 * clients that reach the lab. The modules behind it are the host's: a function that patches them is seen by others of its host.
 */
export function environmentRequire(environment: Environment, own: Readonly<Record<string, unknown>>, calls: WireCalls): NodeJS.Require {
  const cache = new Map<string, unknown>();
  const require = (name: string): unknown => {
    const plain = name.startsWith('node:') ? name.slice(5) : name;
    if (Object.hasOwn(own, plain)) return own[plain];
    if (!cache.has(name)) {
      const loaded = load(name, environment.definition.folder);
      const client = name.startsWith('@aws-sdk/client-');
      cache.set(name, client ? wrapClientPackage(loaded as Record<string, unknown>, environment, calls) : loaded);
    }
    return cache.get(name);
  };
  return Object.assign(require, {
    resolve: (name: string) => ownRequire.resolve(name),
    cache: {},
    extensions: {},
    main: undefined,
  }) as unknown as NodeJS.Require;
}
