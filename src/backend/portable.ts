import { JavaScriptKernel } from './javascript.js';
import type { Kernel } from './kernel.js';
import { wasmKernel } from './wasm.js';

/** A kernel that needs no native code. */
export async function portableKernel(backend: 'wasm' | 'javascript'): Promise<Kernel> {
  return backend === 'wasm' ? wasmKernel() : new JavaScriptKernel();
}
