/** The IDX loader, on small files made here. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, test } from 'vitest';
import { InputError } from '../dist/errors.js';
import { parseIdx, readLabelledImages } from '../dist/models/idx.js';

const folder = mkdtempSync(join(tmpdir(), 'idx-'));
afterAll(() => rmSync(folder, { recursive: true }));

function idx(shape: number[], elements = shape.reduce((a, b) => a * b, 1), type = 8): Uint8Array {
  const bytes = new Uint8Array(4 + 4 * shape.length + elements).map((_, i) => (i * 7) & 255);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, (type << 8) | shape.length);
  for (const [i, n] of shape.entries()) view.setUint32(4 + 4 * i, n);
  return bytes;
}

function file(name: string, bytes: Uint8Array): string {
  writeFileSync(join(folder, name), bytes);
  return join(folder, name);
}

const images = file('images', idx([3, 2, 4]));
const labels = file('labels', idx([3]));

test('plain and gzip-compressed files give the same', async () => {
  const plain = await readLabelledImages(images, labels);
  expect(plain).toMatchObject({ count: 3, rows: 2, columns: 4 });
  expect([...plain.pixels]).toEqual(Array.from({ length: 24 }, (_, i) => ((16 + i) * 7) & 255));
  expect([...plain.labels]).toEqual([56, 63, 70]);
  expect(plain.files.images).toMatchObject({ path: images, bytes: 40 });
  expect(plain.files.images.sha256).toMatch(/^[0-9a-f]{64}$/);
  const packed = await readLabelledImages(file('images.gz', gzipSync(idx([3, 2, 4]))), file('labels.gz', gzipSync(idx([3]))));
  expect([...packed.pixels]).toEqual([...plain.pixels]);
  expect([...packed.labels]).toEqual([...plain.labels]);
});

test('a view at any offset is read right', () => {
  const padded = new Uint8Array(50);
  padded.set(idx([3, 2]), 5);
  const { shape, data } = parseIdx(padded.subarray(5, 5 + 18), 2, 'images', 'x');
  expect(shape).toEqual([3, 2]);
  expect(data[0]).toBe(84);
});

describe('bad files', () => {
  test.each<[string, Uint8Array, RegExp]>([
    ['empty', new Uint8Array(0), /^images: .* ends after 0 bytes; allowed: an IDX file of unsigned bytes in 3 dimensions/],
    ['bad magic', new Uint8Array(40).fill(137), /begins with 0x89898989; allowed: an IDX file/],
    ['unknown type', idx([3, 2, 4], 24, 10), /begins with 0x00000a03/],
    ['floats', idx([3, 2, 4], 96, 13), /holds 32-bit floats; allowed: an IDX file of unsigned bytes/],
    ['labels for images', idx([3]), /has 1 dimensions; allowed: .*3 dimensions/],
    ['cut in the header', idx([3, 2, 4]).subarray(0, 10), /ends after 10 bytes, inside its header/],
    ['truncated', idx([3, 2, 4], 23), /is truncated: 23 of 24 elements; allowed: 3 x 2 x 4 elements/],
    ['too long', idx([3, 2, 4], 25), /has 1 bytes after its 24 elements/],
    ['no items', idx([0, 2, 4]), /has the shape 0 x 2 x 4/],
    ['sizes that overflow', idx([2 ** 32 - 1, 2 ** 32 - 1, 2 ** 32 - 1], 5), /is truncated: 5 of 7\.9\S+ elements/],
    ['half a gzip file', gzipSync(idx([3, 2, 4])).subarray(0, 20), /is not a whole gzip file/],
  ])('%s', async (name, bytes, message) => {
    const reading = readLabelledImages(file(name, bytes), labels);
    await expect(reading).rejects.toThrow(message);
    await expect(reading).rejects.toBeInstanceOf(InputError);
  });

  test('counts that differ, missing files, folders', async () => {
    await expect(readLabelledImages(images, file('four', idx([4])))).rejects.toThrow(
      /^labels: .* has 4 labels; allowed: 3 labels, one for each image/,
    );
    await expect(readLabelledImages(images, join(folder, 'none'))).rejects.toThrow(/^labels: .* does not exist/);
    const fields = { images: 'model.images', labels: 'model.labels' };
    await expect(readLabelledImages(folder, labels, fields)).rejects.toThrow(/^model\.images: .* is a directory/);
  });
});
