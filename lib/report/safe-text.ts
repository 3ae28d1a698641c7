/**
 * Control characters, and the ones that reorder or hide text (bidirectional overrides, zero-width, line separators):
 * a name from the system under test must neither drive a terminal nor disguise what a report says.
 */
// biome-ignore lint/suspicious/noControlCharactersInRegex: removing control characters is the purpose
const unsafeCharacters = /[\u0000-\u0008\u000e-\u001f\u007f-\u009f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g;

/** One line of text that is safe on a terminal: unsafe characters become U+FFFD, any run of white space one space. */
export function plainText(text: string): string {
  return text.replace(/\s+/g, ' ').replace(unsafeCharacters, '\ufffd').trim();
}

/** A copy of `value` in which every string, keys included, went through `plainText`; renderers for people start with it. */
export function withPlainText<T>(value: T): T {
  if (typeof value === 'string') return plainText(value) as T;
  if (Array.isArray(value)) return value.map((each) => withPlainText(each)) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [plainText(key), withPlainText(each)])) as T;
}

const htmlEntities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** Text as HTML text or as the value of a quoted attribute. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => htmlEntities[character] ?? '');
}

/** Text inside Markdown, table cells included: no emphasis, link, HTML, reference or mention comes out of it. */
export function escapeMarkdown(text: string): string {
  return text
    .replace(/[\\`*[\]|~]/g, '\\$&')
    .replace(/(^|[^\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, (found) => found.replace('_', '\\_'))
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/#(?=\d)/g, '#<!-- -->')
    .replace(/@(?=[\p{L}\p{N}])/gu, '@<!-- -->');
}

/** A value as JSON for a `<script type="application/json">`: nothing in it can end the script or start a comment. */
export function scriptJson(value: unknown): string {
  return JSON.stringify(value).replace(/[<>&\u2028\u2029]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
