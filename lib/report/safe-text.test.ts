import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { escapeHtml, escapeMarkdown, plainText, scriptJson, withPlainText } from './safe-text.ts';

describe('text of a run stays text', () => {
  it('drops what drives a terminal or disguises text', () => {
    expect(plainText('a\u001b[31mb\u202ec\u0000\n\td\u2028e')).toBe('a\ufffd[31mb\ufffdc\ufffd d e');
    expect(withPlainText({ 'k\u0007': ['v\r\nw', 1, null] })).toEqual({ 'k\ufffd': ['v w', 1, null] });
  });

  it('never leaves a markup character in HTML', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(escapeHtml(text)).not.toMatch(/[<>"']|&(?!amp;|lt;|gt;|quot;|#39;)/);
      }),
    );
  });

  it('gives JSON that ends no script and reads back as it was', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom('</script>', '<!--', '\u2028', ']]>', ''), (value, tail) => {
        const text = scriptJson([value, tail]);
        expect(text).not.toMatch(/[<>&\u2028\u2029]/);
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify([value, tail])));
      }),
    );
  });

  it('keeps Markdown from making links, emphasis, HTML, mentions and references', () => {
    expect(escapeMarkdown('**b** [l](javascript:x) <b> a|b `c` _d_ snake_case @me #12')).toBe(
      '\\*\\*b\\*\\* \\[l\\](javascript:x) &lt;b&gt; a\\|b \\`c\\` \\_d\\_ snake_case @<!-- -->me #<!-- -->12',
    );
  });
});
