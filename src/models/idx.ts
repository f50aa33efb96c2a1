/** The IDX format of MNIST and its kin: arrays of unsigned bytes behind a header of sizes. */
import { type FileBytes, fileError, readBytes } from './bytes.js';

/** Largest file, before and after decompression. */
const MAX_BYTES = 2 ** 30;
/** Third byte of the magic number: the element type. */
const TYPES: Record<number, string> = {
  8: 'unsigned bytes',
  9: 'signed bytes',
  11: '16-bit integers',
  12: '32-bit integers',
  13: '32-bit floats',
  14: '64-bit floats',
};

/** An array of unsigned bytes; the last dimension runs fastest. */
export interface IdxArray {
  shape: number[];
  data: Uint8Array;
}

/** Images and their labels. */
export interface LabelledImages {
  count: number;
  rows: number;
  columns: number;
  /** count x rows x columns grey values, 0 to 255. */
  pixels: Uint8Array;
  /** One label for each image, 0 to 255. */
  labels: Uint8Array;
  /** The files, for the provenance of a result. */
  files: { images: Omit<FileBytes, 'content'>; labels: Omit<FileBytes, 'content'> };
}

/**
 * Reads an image file (three dimensions) and its label file (one), plain or gzip-compressed (told apart by the first bytes).
 * @throws InputError naming the field (`images` or `labels`, or as `fields` says) for a file that is missing, unreadable, not IDX, of
 * another type or number of dimensions, truncated, too long, or whose number of items differs from the other's
 */
export async function readLabelledImages(
  images: string,
  labels: string,
  fields = { images: 'images', labels: 'labels' },
): Promise<LabelledImages> {
  const imageFile = await readBytes(fields.images, images, MAX_BYTES);
  const { shape, data: pixels } = parseIdx(imageFile.content, 3, fields.images, images);
  const labelFile = await readBytes(fields.labels, labels, MAX_BYTES);
  const labelled = parseIdx(labelFile.content, 1, fields.labels, labels);
  const [count, rows, columns] = shape;
  if (labelled.shape[0] !== count) {
    throw fileError(fields.labels, labels, `has ${labelled.shape[0]} labels`, `${count} labels, one for each image of ${images}`);
  }
  return { count, rows, columns, pixels, labels: labelled.data, files: { images: identity(imageFile), labels: identity(labelFile) } };
}

/**
 * Parses an IDX file: two zero bytes, the element type, the number of dimensions, their sizes (big-endian), the elements.
 * The data is a view of `bytes`.
 * @param dimensions what the number of dimensions must be
 * @param field what to name in a message; `path` what it gave
 * @throws InputError for bad magic, another type, another number of dimensions, empty dimensions, and too few or too many bytes
 */
export function parseIdx(bytes: Uint8Array, dimensions: number, field: string, path: string): IdxArray {
  const refuse = (problem: string, allowed: string) => fileError(field, path, problem, allowed);
  const wanted = `an IDX file of unsigned bytes in ${dimensions} ${dimensions === 1 ? 'dimension' : 'dimensions'}`;
  if (bytes.length < 4) throw refuse(`ends after ${bytes.length} bytes`, wanted);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const magic = view.getUint32(0);
  const type = TYPES[bytes[2]];
  if (magic >>> 16 !== 0 || type === undefined) throw refuse(`begins with 0x${magic.toString(16).padStart(8, '0')}`, wanted);
  if (bytes[2] !== 8) throw refuse(`holds ${type}`, wanted);
  if (bytes[3] !== dimensions) throw refuse(`has ${bytes[3]} dimensions`, wanted);
  const header = 4 + 4 * dimensions;
  if (bytes.length < header) throw refuse(`ends after ${bytes.length} bytes, inside its header`, wanted);
  const shape = Array.from({ length: dimensions }, (_, i) => view.getUint32(4 + 4 * i));
  const size = shape.reduce((product, n) => product * n, 1);
  if (size === 0) throw refuse(`has the shape ${shape.join(' x ')}`, 'at least one item in every dimension');
  const given = bytes.length - header;
  if (given !== size) {
    const problem = given < size ? `is truncated: ${given} of ${size} elements` : `has ${given - size} bytes after its ${size} elements`;
    throw refuse(problem, `${shape.join(' x ')} elements, as its header says`);
  }
  return { shape, data: bytes.subarray(header) };
}

function identity({ path, sha256, bytes }: FileBytes): Omit<FileBytes, 'content'> {
  return { path, sha256, bytes };
}
