import { FamilyKernel } from './family-kernel.js';
import { JavaScriptKernel } from './javascript.js';
import type { Kernel } from './kernel.js';
import { JavaScriptNgram, wasmNgram } from './ngram-kernel.js';
import { wasmKernel } from './wasm.js';

/** A kernel that needs no native code. */
export async function portableKernel(backend: 'wasm' | 'javascript'): Promise<Kernel> {
  return backend === 'wasm'
    ? new FamilyKernel(await wasmKernel(), wasmNgram)
    : new FamilyKernel(new JavaScriptKernel(), async () => new JavaScriptNgram());
}
