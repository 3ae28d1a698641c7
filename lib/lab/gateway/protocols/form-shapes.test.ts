import { NormalizedSchema } from '@smithy/core/schema';
import { expect, it } from 'vitest';
import { readForm } from './form-shapes.ts';

/** Smithy's static schemas: [kind, namespace, name, traits, member names, member shapes]. */
const pair = [3, 'test', 'Pair', 0, ['Name', 'Value'], [0, 0]];
const pairs = [1, 'test', 'Pairs', 0, () => pair];
const flatMap = [2, 'test', 'Map', 0, 0, 1];
const input = [
  3,
  'test',
  'Input',
  0,
  ['Text', 'Count', 'Flag', 'At', 'Bytes', 'Pairs', 'Flat', 'Map', 'Absent'],
  [0, 1, 2, 4, 21, () => pairs, [() => pairs, { xmlFlattened: 1 }], () => flatMap, 0],
];

const read = (text: string) => readForm(NormalizedSchema.of(input as never), new URLSearchParams(text));

it('reads scalars, lists, flattened lists and maps by their shapes', () => {
  expect(read('Text=a+b&Count=1.5&Flag=true&At=2026-11-24T00:00:00Z&Bytes=AQI%3D')).toEqual({
    Text: 'a b',
    Count: 1.5,
    Flag: true,
    At: new Date('2026-11-24T00:00:00Z'),
    Bytes: new Uint8Array([1, 2]),
  });
  expect(read('Pairs.member.2.Name=b&Pairs.member.10.Name=c&Pairs.member.1.Name=a&Pairs.member.1.Value=1')).toEqual({
    Pairs: [{ Name: 'a', Value: '1' }, { Name: 'b' }, { Name: 'c' }],
  });
  expect(read('Flat.1.Name=a&Map.entry.1.key=k&Map.entry.1.value=2')).toEqual({ Flat: [{ Name: 'a' }], Map: { k: 2 } });
});

it.each(['Count=x', 'Flag=yes', 'At=now'])('refuses %s', (text) => {
  expect(() => read(text)).toThrow(/is not a/);
});
