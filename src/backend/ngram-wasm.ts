/** An instance of the embedded WebAssembly module for one n-gram kernel, with memory of its own. */
import { wasmBase64 } from '../generated/wasm.js';

export interface NgramExports {
  memory: WebAssembly.Memory;
  arenaBase(): number;
  ngramPrepare(base: number): void;
  ngramAdvance(base: number, budget: number): number;
}

let compiled: Promise<WebAssembly.Module> | undefined;

function decode(base64: string): Uint8Array<ArrayBuffer> {
  const text = atob(base64);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}

/** @throws WebAssembly.CompileError where WebAssembly is not to be had. */
export async function wasmInstance(): Promise<NgramExports> {
  if (typeof WebAssembly === 'undefined') throw new Error('this platform has no WebAssembly');
  compiled ??= WebAssembly.compile(decode(wasmBase64));
  return (await WebAssembly.instantiate(await compiled, {})).exports as unknown as NgramExports;
}
