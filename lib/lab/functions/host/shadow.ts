/**
 * A stand-in for `real` (globalThis, process): what `own` has, or is written, is the environment's alone; all else is read
 * from `real`. Functions are not bound, because those of both objects do not look at `this`.
 */
export function shadow<Real extends object>(real: Real, own: Record<PropertyKey, unknown>): Real {
  return new Proxy(own, {
    get: (target, key) => (key in target ? target[key] : Reflect.get(real, key)),
    has: (target, key) => key in target || key in real,
    set: (target, key, value) => {
      target[key] = value;
      return true;
    },
  }) as unknown as Real;
}

/**
 * The object of a `with` statement around code that reaches its globals by bare name: strict code sees what it has put on
 * `globalThis`; sloppy code may also create globals by assigning, and an unknown name then reads as undefined.
 */
export function bareNames(own: Record<PropertyKey, unknown>, sloppy: boolean): object {
  return new Proxy(own, {
    has: (target, key) => typeof key === 'string' && (key in target || (sloppy && !(key in globalThis) && !wrapperNames.has(key))),
    get: (target, key) => (key === Symbol.unscopables ? undefined : target[key]),
  });
}

/** Parameters of the function that every script is wrapped in (see script.ts). */
export const wrapperParameters = [
  'exports',
  'require',
  'module',
  '__filename',
  '__dirname',
  '__moduleUrl',
  'process',
  'console',
  'globalThis',
  'global',
  'setTimeout',
  'setInterval',
  'setImmediate',
  'clearTimeout',
  'clearInterval',
  'clearImmediate',
] as const;

const wrapperNames: ReadonlySet<string> = new Set([...wrapperParameters, 'arguments']);
