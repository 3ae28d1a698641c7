/** A path or an intrinsic call does not parse; the message says where and what was expected. */
export class PathSyntaxError extends Error {}

/** Walks over a text from left to right; the parsers of paths, filters and intrinsic calls share it. */
export class Scanner {
  readonly text: string;
  at = 0;

  constructor(text: string) {
    this.text = text;
  }

  get done(): boolean {
    return this.at >= this.text.length;
  }

  peek(token: string): boolean {
    return this.text.startsWith(token, this.at);
  }

  /** Steps over `token` if it is next. */
  skip(token: string): boolean {
    if (!this.peek(token)) return false;
    this.at += token.length;
    return true;
  }

  expect(token: string): void {
    this.space();
    if (!this.skip(token)) throw this.fail(`'${token}'`);
  }

  space(): void {
    while (/\s/.test(this.text[this.at] ?? '')) this.at++;
  }

  end(): void {
    if (!this.done) throw this.fail('the end');
  }

  /** What the sticky `pattern` matches here, stepped over; undefined where it does not match. */
  match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text)?.[0];
    if (found !== undefined) this.at += found.length;
    return found;
  }

  integer(): number | undefined {
    this.space();
    const digits = this.match(/-?\d+/y);
    return digits === undefined ? undefined : Number(digits);
  }

  /** A text in single or double quotes; a backslash escapes the quote and itself and is any other time a backslash. */
  quoted(): string {
    const quote = this.text[this.at];
    let text = '';
    for (this.at++; !this.done; this.at++) {
      const char = this.text[this.at] as string;
      if (char === quote) {
        this.at++;
        return text;
      }
      const next = this.text[this.at + 1];
      if (char === '\\' && (next === quote || next === '\\')) this.at++;
      text += this.text[this.at] ?? '';
    }
    throw this.fail('a closing quote');
  }

  /** One or more of something, separated by commas. */
  list<T>(item: () => T): T[] {
    const items: T[] = [];
    do {
      this.space();
      items.push(item());
      this.space();
    } while (this.skip(','));
    return items;
  }

  /** The integers after `first`, separated by commas. */
  moreOf(first: number): number[] {
    const all = [first];
    while (this.skip(',')) {
      const next = this.integer();
      if (next === undefined) throw this.fail('an index');
      all.push(next);
      this.space();
    }
    return all;
  }

  fail(expected: string): PathSyntaxError {
    const found = this.done ? 'the end' : `'${this.text.slice(this.at, this.at + 12)}'`;
    return new PathSyntaxError(`expected ${expected} at character ${this.at}, found ${found}`);
  }
}
