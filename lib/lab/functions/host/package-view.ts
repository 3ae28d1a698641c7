/**
 * A package as one environment sees it: `real` but for what `own` makes when it is first asked for. A function that patches it patches a copy of its own.
 * Packages of the SDK have hundreds of exports: copying them for each environment would be most of what a cold start costs.
 */
export function packageView(real: Readonly<Record<string, unknown>>, own: ReadonlyMap<string, () => unknown>): Record<string, unknown> {
  const made = new Map<string | symbol, unknown>();
  let copy: Record<string | symbol, unknown> | undefined;
  const ownValue = (key: string | symbol): unknown => {
    if (!made.has(key)) made.set(key, own.get(key as string)?.());
    return made.get(key);
  };
  const patched = (): Record<string | symbol, unknown> => {
    copy ??= { ...real, ...Object.fromEntries([...own.keys()].map((key) => [key, ownValue(key)])) };
    return copy;
  };
  return new Proxy<Record<string | symbol, unknown>>(
    {},
    {
      get: (_, key) => (copy ? copy[key] : own.has(key as string) ? ownValue(key) : real[key as string]),
      set: (_, key, value) => Reflect.set(patched(), key, value),
      has: (_, key) => Reflect.has(copy ?? real, key),
      ownKeys: () => Reflect.ownKeys(copy ?? real),
      deleteProperty: (_, key) => Reflect.deleteProperty(patched(), key),
      defineProperty: (_, key, descriptor) => Reflect.defineProperty(patched(), key, { ...descriptor, configurable: true }),
      getOwnPropertyDescriptor(_, key) {
        const descriptor = Reflect.getOwnPropertyDescriptor(copy ?? real, key);
        if (!descriptor) return undefined;
        // A proxy may say so of no property that its target lacks.
        const found = { ...descriptor, configurable: true };
        return !copy && own.has(key as string) ? { ...found, value: ownValue(key) } : found;
      },
    },
  ) as Record<string, unknown>;
}
