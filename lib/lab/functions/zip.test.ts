import { deflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readZip } from './zip.ts';

/** A zip archive as other tools write it: local headers, central directory, end record. */
function zip(files: readonly { name: string; data: Uint8Array; stored?: boolean }[], comment = ''): Buffer {
  const locals: Buffer[] = [];
  const centrals: Buffer[] = [];
  let offset = 0;
  for (const { name, data, stored } of files) {
    const packed = stored ? Buffer.from(data) : deflateRawSync(data);
    const fields = Buffer.alloc(26);
    fields.writeUInt16LE(20, 0);
    fields.writeUInt16LE(stored ? 0 : 8, 4);
    fields.writeUInt32LE(packed.length, 14);
    fields.writeUInt32LE(data.length, 18);
    fields.writeUInt16LE(Buffer.byteLength(name), 22);
    const local = Buffer.concat([Buffer.from('PK\x03\x04'), fields, Buffer.from(name), packed]);
    const place = Buffer.alloc(14);
    place.writeUInt32LE(offset, 10);
    centrals.push(Buffer.concat([Buffer.from('PK\x01\x02\x14\x00', 'latin1'), fields, place, Buffer.from(name)]));
    locals.push(local);
    offset += local.length;
  }
  const directory = Buffer.concat(centrals);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(files.length, 4);
  end.writeUInt16LE(files.length, 6);
  end.writeUInt32LE(directory.length, 8);
  end.writeUInt32LE(offset, 12);
  end.writeUInt16LE(comment.length, 16);
  return Buffer.concat([...locals, directory, Buffer.from('PK\x05\x06'), end, Buffer.from(comment)]);
}

describe('zip', () => {
  it('gives back what went in, stored or deflated, in an archive with or without a comment', () => {
    const file = fc.record({ data: fc.uint8Array({ maxLength: 300 }), stored: fc.boolean() });
    fc.assert(
      fc.property(fc.array(file, { maxLength: 5 }), fc.string({ maxLength: 20, unit: 'grapheme-ascii' }), (contents, comment) => {
        const files = contents.map((each, i) => ({ ...each, name: `src/${i}.js` }));
        const read = readZip(zip(files, comment), 1_000_000);
        expect([...read].map(([name, data]) => [name, [...data]])).toEqual(files.map(({ name, data }) => [name, [...data]]));
      }),
    );
  });

  it('refuses what is none, what is damaged and what unpacks to too much', () => {
    const good = zip([{ name: 'index.js', data: Buffer.from('exports.handler = 1;'.repeat(50)) }]);
    expect(() => readZip(Buffer.from('no zip'), 1000)).toThrow('no end record');
    expect(() => readZip(good, 100)).toThrow('more than 100 bytes');
    const cut = Buffer.from(good);
    cut.writeUInt32LE(0, 0);
    expect(() => readZip(cut, 100_000)).toThrow('index.js is damaged');
  });

  it('fails only with its own error, whatever the bytes are', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat(150), (noise, at) => {
        const broken = zip([{ name: 'index.js', data: Buffer.from('x'.repeat(80)) }]);
        broken.set(noise.subarray(0, Math.max(0, broken.length - at)), Math.min(at, broken.length));
        try {
          readZip(broken, 10_000);
        } catch (thrown) {
          expect(thrown).toMatchObject({ code: 'bad-zip' });
        }
      }),
    );
  });
});
