/** Instances of the embedded WebAssembly module, which is compiled once for all kernels of a thread. */
import { wasmBase64 } from '../generated/wasm.js';

const PAGE = 65536;
let compiled: Promise<WebAssembly.Module> | undefined;

function decode(base64: string): Uint8Array<ArrayBuffer> {
  const text = atob(base64);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}

/** What every kernel needs of an instance, beside its own functions. */
export interface WasmExports {
  memory: WebAssembly.Memory;
  /** First byte of an arena. */
  arenaBase(): number;
}

/** An instance with memory of its own. @throws WebAssembly.CompileError where WebAssembly is not to be had. */
export async function wasmInstance<Exports extends WasmExports>(): Promise<Exports> {
  if (typeof WebAssembly === 'undefined') throw new Error('this platform has no WebAssembly');
  compiled ??= WebAssembly.compile(decode(wasmBase64));
  const instance = await WebAssembly.instantiate(await compiled, {});
  return instance.exports as unknown as Exports;
}

/** Makes room for an arena. Growing detaches earlier views: they are taken only afterwards. */
export function reserveMemory({ memory, arenaBase }: WasmExports, bytes: number): void {
  const missing = arenaBase() + bytes - memory.buffer.byteLength;
  if (missing > 0) memory.grow(Math.ceil(missing / PAGE));
}
