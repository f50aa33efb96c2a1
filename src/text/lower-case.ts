/** Simple lower-case mappings of Unicode 17.0, written by scripts/lower-case.mjs: engines differ in theirs. */
const encoded = [
  '1t p 1 w 2u m 1 w 2 6 1 w y 1a 2 1 2 0 1 -5j 2 4 2 1 3 e 2 1 3 18 2 1 2 0 1 -3d 1 4 2 1 4 0 1 5u 1 2 2 1 2 0 1 5q 1 0 1 ',
  '1 2 1 1 5p 1 0 1 1 3 0 1 27 1 0 1 5m 1 0 1 5n 1 0 1 1 2 0 1 5p 1 0 1 5r 2 0 1 5v 1 0 1 5t 1 0 1 1 4 0 1 5v 1 0 1 5x 2 0 ',
  '1 5y 1 4 2 1 2 0 1 62 1 0 1 1 2 0 1 62 3 0 1 1 2 0 1 62 1 0 1 1 2 1 1 61 1 2 2 1 2 0 1 63 1 0 1 1 4 0 1 1 8 0 1 2 1 0 1 ',
  '1 2 0 1 2 1 0 1 1 2 0 1 2 1 g 2 1 3 g 2 1 3 0 1 2 1 2 2 1 2 0 1 -2p 1 0 1 -1k 1 12 2 1 2 0 1 -3m 2 g 2 1 8 0 1 8bv 1 0 1 ',
  '1 2 0 1 -4j 1 0 1 8bs 3 0 1 1 2 0 1 -5f 1 0 1 1x 1 0 1 1z 1 8 2 1 82 2 2 1 4 0 1 1 9 0 1 38 7 0 1 12 2 2 1 11 2 0 1 1s 2 ',
  '1 1 1r 2 g 1 w 2 8 1 w 10 0 1 8 9 m 2 1 6 0 1 -1o 3 0 1 1 2 0 1 -7 1 0 1 1 3 2 1 -3m 1 f 1 28 1 v 1 w 1d w 2 1 a 1g 2 1 ',
  '2 0 1 f 1 c 2 1 3 2m 2 1 3 11 1 1c 28a 11 1 5ls 2 0 1 5ls 6 0 1 5ls k3 27 1 tzk 1 5 1 8 1p0 0 1 1 7 16 1 -2bk 3 2 1 -2bk ',
  '8x 44 2 1 a 0 1 -5vj 2 2m 2 1 a 7 1 -8 9 5 1 -8 b 7 1 -8 9 7 1 -8 9 5 1 -8 c 6 2 -8 9 7 1 -8 p 7 1 -8 9 7 1 -8 9 7 1 -8 ',
  '9 1 1 -8 1 1 1 -22 1 0 1 -9 c 3 1 -2e 1 0 1 -9 c 1 1 -8 1 1 1 -2s d 1 1 -8 1 1 1 -34 1 0 1 -7 c 1 1 -3k 1 1 1 -3i 1 0 1 ',
  '-9 8a 0 1 -5st 4 0 1 -6gv 1 0 1 -6di 7 0 1 s 1a f 1 g k 0 1 1 mr p 1 q 1f5 1b 1 1c 1d 0 1 1 2 0 1 -8af 1 0 1 -2xy 1 0 1 ',
  '-89z 3 4 2 1 2 0 1 -8bg 1 0 1 -8al 1 0 1 -8bj 1 0 1 -8bi 2 0 1 1 3 0 1 1 9 1 1 -8cf 1 2q 2 1 9 2 2 1 5 0 1 1 nym 18 2 1 ',
  'k q 2 1 3s c 2 1 4 1o 2 1 b 2 2 1 2 0 1 -r9g 1 8 2 1 5 0 1 1 2 0 1 -wmg 3 2 2 1 4 i 2 1 2 0 1 -wn8 1 0 1 -wnj 1 0 1 -wnf ',
  '1 0 1 -wn5 1 0 1 -wn8 2 0 1 -wlu 1 0 1 -wmi 1 0 1 -wlx 1 0 1 ps 1 e 2 1 2 0 1 -1c 1 0 1 -wn7 1 0 1 -raw 1 2 2 1 2 0 1 ',
  '-wo7 1 e 2 1 2 0 1 -wu9 p 0 1 1 h7w p 1 w xy 13 1 14 3t z 1 14 4d a 1 13 2 e 1 13 2 6 1 13 2 1 1 13 1d7 1e 1 1s 4e l 1 w ',
  '27v v 1 w gw1 v 1 w 1t o 1 r o5k x 1 y',
].join('');

/** Code points first, first + stride, ... last become small by adding `step`. */
export interface LowerCaseRun {
  first: number;
  last: number;
  stride: number;
  step: number;
}

/** Runs of capital letters, increasing. */
export function lowerCaseRuns(): LowerCaseRun[] {
  const numbers = encoded
    .trim()
    .split(' ')
    .map((number) => Number.parseInt(number, 36));
  const runs: LowerCaseRun[] = [];
  let end = 0;
  for (let i = 0; i < numbers.length; i += 4) {
    const first = end + numbers[i];
    end = first + numbers[i + 1];
    runs.push({ first, last: end, stride: numbers[i + 2], step: numbers[i + 3] });
  }
  return runs;
}
