/**
 * What is kept of each name while the rows of chunks pass, found by the name's number instead of its text: rows are many and names few. Chunks tell names
 * by numbers of their own list, so a list that changes is looked up anew.
 */
export class ByName<Value> {
  /** In the order in which the names came up. */
  readonly values = new Map<string, Value>();
  readonly #make: (name: string) => Value;
  #names: readonly string[] = [];
  #byId: (Value | undefined)[] = [];

  constructor(make: (name: string) => Value) {
    this.#make = make;
  }

  /** That of name number `id` of `names`; made when it comes up for the first time. */
  of(names: readonly string[], id: number): Value {
    if (names !== this.#names) {
      this.#names = names;
      this.#byId = new Array<Value | undefined>(names.length).fill(undefined);
    }
    return this.#byId[id] ?? this.#find(id);
  }

  #find(id: number): Value {
    const name = this.#names[id] ?? '';
    const value = this.values.get(name) ?? this.#make(name);
    this.values.set(name, value);
    this.#byId[id] = value;
    return value;
  }
}
