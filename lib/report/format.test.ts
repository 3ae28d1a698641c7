import { describe, expect, it } from 'vitest';
import { countText, criterionText, decimalText, percentText, quantityText, unitName, usdText } from './format.ts';

describe('numbers as people read them', () => {
  it.each([
    [0, '0'],
    [1234567, '1,234,567'],
    [12.345, '12.3'],
  ])('count %d is %s', (value, text) => expect(countText(value)).toBe(text));

  it.each([
    [0.05123, '0.0512'],
    [8.424, '8.42'],
    [87.14, '87.1'],
    [1234.5, '1,235'],
    [-0.5, '-0.5'],
    [0.00000012, '0.00000012'],
  ])('decimal %d is %s', (value, text) => expect(decimalText(value)).toBe(text));

  it.each([
    [0, '0 %'],
    [0.00001, '< 0.01 %'],
    [0.00853, '0.85 %'],
    [0.1493, '14.9 %'],
    [0.99999, '> 99.99 %'],
    [1, '100 %'],
  ])('share %d is %s', (share, text) => expect(percentText(share)).toBe(text));

  it.each([
    [0, '$0'],
    [12.5, '$12.50'],
    [0.0216, '$0.0216'],
    [0.0000002, '$0.0000002'],
    [0.5, '$0.50'],
    [1234.567, '$1,234.57'],
  ])('%d dollars are %s', (usd, text) => expect(usdText(usd)).toBe(text));

  it("knows CloudWatch's spellings of units, and passes others on", () => {
    expect([unitName('Milliseconds'), unitName('Count'), unitName('%'), unitName('Count/Second'), unitName('GB-s')]).toEqual([
      'ms',
      'count',
      'percent',
      '1/s',
      'GB-s',
    ]);
    expect(quantityText(3, 'GB-s')).toBe('3 GB-s');
    expect(quantityText(4.212, 'Milliseconds')).toBe('4.21 ms');
  });

  it("gives absolute criteria their figure's unit and leaves relative ones alone", () => {
    expect(criterionText('<=250', 'ms')).toBe('<= 250 ms');
    expect(criterionText('< 0.01', 'ratio')).toBe('< 1 %');
    expect(criterionText('<=+10%', 'ms')).toBe('<=+10%');
  });
});
