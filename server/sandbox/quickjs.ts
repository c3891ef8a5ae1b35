import {
  newQuickJSWASMModuleFromVariant,
  newVariant,
  RELEASE_SYNC,
  type QuickJSWASMModule,
} from 'quickjs-emscripten'

const pageBytes = 64 * 1024
/** What QuickJS itself needs, and its build demands at the least. */
const ownBytes = 8 * 1024 * 1024
const initialPages = 256

/**
 * QuickJS in a WebAssembly memory that cannot grow past `memoryBytes` and what it needs itself. QuickJS's own memory limit is
 * no help: built for WebAssembly it counts single allocations but not their sum.
 */
export function loadQuickJS(memoryBytes: number): Promise<QuickJSWASMModule> {
  const maximum = Math.max(initialPages, Math.ceil((memoryBytes + ownBytes) / pageBytes))
  return newQuickJSWASMModuleFromVariant(
    newVariant(RELEASE_SYNC, {
      wasmMemory: new WebAssembly.Memory({ initial: initialPages, maximum }),
    }),
  )
}
