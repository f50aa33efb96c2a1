/** A set of digits drawn by this code: strokes, bent and shifted at random. For tests, and where no images are at hand. */
import type { Images } from './learner.js';
import { nextNormal, startNormals } from './normals.js';

/** Corners of each digit's stroke on a grid of 7 x 9, x and y in turn. */
const strokes = [
  ...['204052564828161220', '223038', '122040521858', '105033554818', '48401555'],
  ...['50101343554818', '4021152848564415', '105028', '341230523416385634', '53241220405348'],
].map((corners) => Array.from(corners, Number));

/** Pixels on a side. */
const SIDE = 14;
/** How far corners are moved, in units of the grid, and the whole drawing is bent. */
const CORNER = 0.45;
const BEND = 0.14;
/** Half of a stroke's width in pixels, and how bright noise is. */
const STROKE = 0.9;
const NOISE = 25;

export interface LabelledSet {
  images: Images;
  labels: Uint8Array;
}

/** `count` digits of 14 x 14 pixels; digit i is i mod 10. The same on every machine. */
export function drawnDigits(count: number, seed: number): LabelledSet {
  startNormals(seed);
  const size = SIDE * SIDE;
  const pixels = new Uint8Array(count * size);
  const labels = Uint8Array.from({ length: count }, (_, i) => i % 10);
  for (let i = 0; i < count; i++) draw(pixels.subarray(i * size, (i + 1) * size), strokes[i % 10]);
  return { images: { count, size, pixels }, labels };
}

function draw(pixels: Uint8Array, corners: readonly number[]): void {
  const [xx, xy, yx, yy, dx, dy] = Array.from({ length: 6 }, nextNormal);
  const points: [number, number][] = [];
  for (let k = 0; k < corners.length; k += 2) {
    const x = corners[k] - 3 + CORNER * nextNormal();
    const y = corners[k + 1] - 4 + CORNER * nextNormal();
    points.push([
      SIDE / 2 + 1.35 * ((1 + BEND * xx) * x + BEND * xy * y) + 0.5 * dx,
      SIDE / 2 + 1.35 * ((1 + BEND * yy) * y + BEND * yx * x) + 0.5 * dy,
    ]);
  }
  for (let i = 0; i < pixels.length; i++) {
    const [x, y] = [(i % SIDE) + 0.5, Math.floor(i / SIDE) + 0.5];
    let nearest = Infinity;
    for (let k = 1; k < points.length; k++) nearest = Math.min(nearest, squaredDistance(x, y, points[k - 1], points[k]));
    const ink = 255 * Math.min(1, Math.max(0, STROKE + 0.5 - Math.sqrt(nearest)));
    pixels[i] = Math.min(255, Math.max(0, Math.floor(ink + NOISE * nextNormal())));
  }
}

/** From a point to a segment. */
function squaredDistance(x: number, y: number, [ax, ay]: [number, number], [bx, by]: [number, number]): number {
  const [ux, uy, vx, vy] = [bx - ax, by - ay, x - ax, y - ay];
  const length = ux * ux + uy * uy;
  const along = length > 0 ? Math.min(1, Math.max(0, (ux * vx + uy * vy) / length)) : 0;
  const [ex, ey] = [vx - along * ux, vy - along * uy];
  return ex * ex + ey * ey;
}
