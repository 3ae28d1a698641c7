interface Mark {
  readonly line: number;
  readonly keys: ReadonlyMap<string, number>;
}

/** Where in the file each mapping and list of a template stands: errors found long after parsing still name their line. */
export class Lines {
  readonly #marks = new WeakMap<object, Mark>();

  /** Notes that `container` starts on `line`, and on which line each of its keys (or indices) stands. */
  mark(container: object, line: number, keys: ReadonlyMap<string, number> = new Map()): void {
    this.#marks.set(container, { line, keys });
  }

  /** The line of `container`'s key, else of the container itself; undefined for what no file holds. */
  of(container: unknown, key?: string | number): number | undefined {
    if (typeof container !== 'object' || container === null) return undefined;
    const mark = this.#marks.get(container);
    return (key === undefined ? undefined : mark?.keys.get(String(key))) ?? mark?.line;
  }

  /** Gives `to`, which a transform made from `from`, the lines of its origin; `renamed` maps new keys to the origin's. */
  carry<Target extends object>(from: object, to: Target, renamed: Readonly<Record<string, string>> = {}): Target {
    const mark = this.#marks.get(from);
    if (!mark) return to;
    const keys = new Map(mark.keys);
    for (const [key, origin] of Object.entries(renamed)) keys.set(key, mark.keys.get(origin) ?? mark.line);
    this.#marks.set(to, { line: mark.line, keys });
    return to;
  }
}
