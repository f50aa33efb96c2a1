// Exponential and logarithm to 60 digits in whole numbers, as a reference for the kernels' own.

const BITS = 256n;
const ONE = 1n << BITS;

/** The fixed-point number of a finite double, exact as long as its last bit is above 2^-256. */
export function fixed(x: number): bigint {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, x);
  const bits = view.getBigUint64(0);
  const exponent = Number((bits >> 52n) & 0x7ffn);
  const fraction = (bits & 0xfffffffffffffn) | (exponent === 0 ? 0n : 1n << 52n);
  const shift = BigInt(Math.max(exponent, 1) - 1075) + BITS;
  const size = shift >= 0n ? fraction << shift : fraction >> -shift;
  return bits >> 63n ? -size : size;
}

/** A small fixed-point number as a double. */
export function toDouble(x: bigint): number {
  const negative = x < 0n;
  const size = negative ? -x : x;
  const drop = Math.max(0, size.toString(2).length - 64);
  const value = Number(size >> BigInt(drop)) * 2 ** (drop - 256);
  return negative ? -value : value;
}

function series(x: bigint): bigint {
  let term = ONE;
  let sum = ONE;
  for (let k = 1n; term !== 0n; k++) {
    term = (term * x) / (ONE * k);
    sum += term;
  }
  return sum;
}

const LN2 = ((): bigint => {
  // ln 2 = 2 artanh(1/3)
  let power = ONE / 3n;
  let sum = 0n;
  for (let k = 1n; power !== 0n; k += 2n) {
    sum += power / k;
    power /= 9n;
  }
  return 2n * sum;
})();

/** e^x = mantissa 2^exponent, the mantissa a fixed-point number near 1. */
export function exponential(x: bigint): { mantissa: bigint; exponent: number } {
  const exponent = Number((x + LN2 / 2n) / LN2) - (x + LN2 / 2n < 0n ? 1 : 0);
  return { mantissa: series(x - BigInt(exponent) * LN2), exponent };
}

/** The distance between neighbouring doubles at x, at least the smallest normal's. */
export function ulp(x: number): number {
  const size = Math.max(Math.abs(x), 2.2250738585072014e-308);
  const exponent = Math.floor(Math.log2(size));
  const power = 2 ** exponent > size ? exponent - 1 : exponent;
  return 2 ** Math.max(power - 52, -1074);
}

/** Error of y as e^x in units of the last place; y and e^x normal. */
export function exponentialError(x: number, y: number): number {
  const { mantissa, exponent } = exponential(fixed(x));
  // In two steps: 2^exponent alone may overflow.
  const half = Math.trunc(exponent / 2);
  const scaled = y * 2 ** -half * 2 ** -(exponent - half);
  return Math.abs(toDouble(fixed(scaled) - mantissa)) / ulp(scaled);
}

/** Error of y as the logarithm of `argument` (fixed point), in units of its last place. */
export function logarithmError(argument: bigint, y: number): number {
  const { mantissa, exponent } = exponential(fixed(y));
  const scaled = exponent >= 0 ? argument >> BigInt(exponent) : argument << BigInt(-exponent);
  return Math.abs(toDouble(((mantissa - scaled) * ONE) / scaled)) / ulp(y);
}
