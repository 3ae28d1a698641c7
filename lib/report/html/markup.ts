import { escapeHtml } from '../safe-text.ts';

/** HTML that is safe to print; only `html` and `trusted` make it, so plain text cannot pass for it. */
export class Markup {
  readonly #source: string;

  constructor(source: string) {
    this.#source = source;
  }

  toString(): string {
    return this.#source;
  }
}

/** What a template may hold: text and numbers are escaped, markup is kept, lists are joined, the rest prints nothing. */
export type Content = Markup | string | number | false | null | undefined | readonly Content[];

/** HTML from a template: whatever is put in as text stays text, in elements and in quoted attributes. */
export function html(strings: TemplateStringsArray, ...contents: readonly Content[]): Markup {
  return new Markup(strings.map((string, index) => (index === 0 ? string : printed(contents[index - 1]) + string)).join(''));
}

/** Our own style sheets, scripts and already encoded JSON, printed as they are; never text of a run. */
export function trusted(source: string): Markup {
  return new Markup(source);
}

function printed(content: Content): string {
  if (content instanceof Markup) return content.toString();
  if (Array.isArray(content)) return content.map(printed).join('');
  return typeof content === 'string' || typeof content === 'number' ? escapeHtml(String(content)) : '';
}
