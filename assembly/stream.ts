// Random streams: one sfc32 state for every (seed, context, replicate, domain), seeded by Threefry4x32-20.
// The state lives in module variables of type i32: V8 keeps those unboxed.
import { fromU32, lessU32, loadI32, modU32, mulHigh, multiply, storeI32 } from './primitives';
import { out0, out1, out2, threefry } from './threefry';

let a: i32 = 0;
let b: i32 = 0;
let c: i32 = 0;
let counter: i32 = 1;

/** Domains keep streams for different purposes apart. */
export const DOMAIN_CHAIN: i32 = 0;
export const DOMAIN_TRUTH: i32 = 1;

/** Starts the stream of (seed, context, replicate, domain): 96 hashed bits, counter 1, twelve outputs discarded. */
export function seedStream(
  seedLow: i32,
  seedHigh: i32,
  context: i32,
  replicateLow: i32,
  replicateHigh: i32,
  domain: i32,
): void {
  threefry(replicateLow, replicateHigh, 0, 0, seedLow, seedHigh, context, domain);
  a = out0();
  b = out1();
  c = out2();
  counter = 1;
  for (let i: i32 = 0; i < 12; i++) nextU32();
}

/** 32 random bits (sfc32, Doty-Humphrey's PractRand). */
export function nextU32(): i32 {
  const out: i32 = (((a + b) | 0) + counter) | 0;
  counter = (counter + 1) | 0;
  a = b ^ (b >>> 9);
  b = (c + (c << 3)) | 0;
  c = (((c << 21) | (c >>> 11)) + out) | 0;
  return out;
}

/** Uniform on [0, 1) with 53 bits. */
export function uniform(): f64 {
  const high: i32 = nextU32();
  const low: i32 = nextU32();
  return (fromU32(high >>> 5) * 67108864.0 + fromU32(low >>> 6)) * 1.1102230246251565404e-16;
}

/** Uniform on {0, ..., n - 1}, n a u32 in 1 ... 2^32 - 1; exact (Lemire 2019). */
export function bounded(n: i32): i32 {
  let x: i32 = nextU32();
  let low: i32 = multiply(x, n);
  if (lessU32(low, n)) {
    const threshold: i32 = modU32((0 - n) | 0, n);
    while (lessU32(low, threshold)) {
      x = nextU32();
      low = multiply(x, n);
    }
  }
  return mulHigh(x, n);
}

export function saveStream(at: i32): void {
  storeI32(at, a);
  storeI32(at + 4, b);
  storeI32(at + 8, c);
  storeI32(at + 12, counter);
}

export function restoreStream(at: i32): void {
  a = loadI32(at);
  b = loadI32(at + 4);
  c = loadI32(at + 8);
  counter = loadI32(at + 12);
}

/** The state word by word, for a loop that keeps it in local variables. */
export function stateA(): i32 {
  return a;
}
export function stateB(): i32 {
  return b;
}
export function stateC(): i32 {
  return c;
}
export function stateCounter(): i32 {
  return counter;
}
export function setState(newA: i32, newB: i32, newC: i32, newCounter: i32): void {
  a = newA;
  b = newB;
  c = newC;
  counter = newCounter;
}
