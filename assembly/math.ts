// Logarithm and exponential with + - * / only, so that every machine and backend gives the same bits.
// The reductions and the polynomial coefficients are those of Sun's fdlibm (e_log.c, e_exp.c); errors stay below 1 ulp.
import { fromWords, highWord, lowWord, toI32 } from './primitives';

const LN2_HIGH: f64 = 6.9314718036912381649e-1;
const LN2_LOW: f64 = 1.90821492927058770002e-10;
const TWO54: f64 = 18014398509481984.0;

/** Natural logarithm. log(0) = -Infinity, of negative numbers NaN. */
export function log(x: f64): f64 {
  let high: i32 = highWord(x);
  let k: i32 = 0;
  if (high < 0x00100000) {
    if (x == 0.0) return -1.0 / 0.0;
    if (!(x > 0.0)) return 0.0 / 0.0;
    k = -54; // subnormal: scale up
    x = x * TWO54;
    high = highWord(x);
  }
  if (high >= 0x7ff00000) return x;
  // x = 2^k m with m in [sqrt(1/2), sqrt(2))
  high = (high + (0x3ff00000 - 0x3fe6a09e)) | 0;
  k = (k + (high >> 20) - 0x3ff) | 0;
  high = ((high & 0x000fffff) + 0x3fe6a09e) | 0;
  const f: f64 = fromWords(high, lowWord(x)) - 1.0;
  const half: f64 = 0.5 * f * f;
  const s: f64 = f / (2.0 + f);
  const z: f64 = s * s;
  const w: f64 = z * z;
  const even: f64 = w * (0.3999999999940941908 + w * (0.2222219843214978396 + w * 0.1531383769920937332));
  const odd: f64 =
    z * (0.666666666666673513 + w * (0.2857142874366239149 + w * (0.1818357216161805012 + w * 0.1479819860511658591)));
  const r: f64 = odd + even;
  const scale: f64 = k;
  return s * (half + r) + scale * LN2_LOW - half + f + scale * LN2_HIGH;
}

/** log(1 + x) for x > -1, accurate near 0. */
export function log1p(x: f64): f64 {
  const u: f64 = 1.0 + x;
  if (u == 1.0) return x;
  return log(u) * (x / (u - 1.0));
}

/** 2^k for -1022 <= k <= 1023. */
function powerOfTwo(k: i32): f64 {
  return fromWords(((k + 1023) | 0) << 20, 0);
}

/** Exponential; 0 below about -745, Infinity above about 709.8. */
export function exp(x: f64): f64 {
  if (x != x) return x;
  if (x > 709.782712893383973096) return 1.0 / 0.0;
  if (x < -745.13321910194110842) return 0.0;
  // x = k ln 2 + r, |r| <= ln 2 / 2
  const k: i32 = toI32(x * 1.44269504088896338700 + (x < 0.0 ? -0.5 : 0.5));
  const scale: f64 = k;
  const high: f64 = x - scale * LN2_HIGH;
  const low: f64 = scale * LN2_LOW;
  const r: f64 = high - low;
  const t: f64 = r * r;
  const c: f64 =
    r -
    t *
      (1.66666666666666019037e-1 +
        t *
          (-2.77777777770155933842e-3 +
            t * (6.61375632143793436117e-5 + t * (-1.6533902205465251539e-6 + t * 4.13813679705723846039e-8))));
  const y: f64 = 1.0 + ((r * c) / (2.0 - c) - low + high);
  if (k > 1023) return y * 2.0 * powerOfTwo(1023);
  if (k < -1021) return y * powerOfTwo((k + 1000) | 0) * powerOfTwo(-1000);
  return y * powerOfTwo(k);
}
