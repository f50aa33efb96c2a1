// Threefry4x32-20 (Salmon et al., SC 2011): a counter-based hash that gives every chain the seed of its own stream.
// Its output words stay in out0 ... out3.

let x0: i32 = 0;
let x1: i32 = 0;
let x2: i32 = 0;
let x3: i32 = 0;

export function out0(): i32 {
  return x0;
}
export function out1(): i32 {
  return x1;
}
export function out2(): i32 {
  return x2;
}
export function out3(): i32 {
  return x3;
}

function rotate(x: i32, by: i32): i32 {
  return (x << by) | (x >>> (32 - by));
}

function evenRound(a: i32, b: i32): void {
  x0 = (x0 + x1) | 0;
  x1 = rotate(x1, a) ^ x0;
  x2 = (x2 + x3) | 0;
  x3 = rotate(x3, b) ^ x2;
}

function oddRound(a: i32, b: i32): void {
  x0 = (x0 + x3) | 0;
  x3 = rotate(x3, a) ^ x0;
  x2 = (x2 + x1) | 0;
  x1 = rotate(x1, b) ^ x2;
}

function firstFour(): void {
  evenRound(10, 26);
  oddRound(11, 21);
  evenRound(13, 27);
  oddRound(23, 5);
}

function secondFour(): void {
  evenRound(6, 20);
  oddRound(17, 11);
  evenRound(25, 10);
  oddRound(18, 20);
}

function inject(a: i32, b: i32, c: i32, d: i32, index: i32): void {
  x0 = (x0 + a) | 0;
  x1 = (x1 + b) | 0;
  x2 = (x2 + c) | 0;
  x3 = (((x3 + d) | 0) + index) | 0;
}

/** Hashes counter c under key k; 20 rounds, a key injection after every four. */
export function threefry(c0: i32, c1: i32, c2: i32, c3: i32, k0: i32, k1: i32, k2: i32, k3: i32): void {
  const k4: i32 = 0x1bd11bda ^ k0 ^ k1 ^ k2 ^ k3;
  x0 = (c0 + k0) | 0;
  x1 = (c1 + k1) | 0;
  x2 = (c2 + k2) | 0;
  x3 = (c3 + k3) | 0;
  firstFour();
  inject(k1, k2, k3, k4, 1);
  secondFour();
  inject(k2, k3, k4, k0, 2);
  firstFour();
  inject(k3, k4, k0, k1, 3);
  secondFour();
  inject(k4, k0, k1, k2, 4);
  firstFour();
  inject(k0, k1, k2, k3, 5);
}
