// Lets a worker thread read TypeScript, in development and tests: `--import tsx` has no effect in threads.
// The first argument is the address of the module to run.
import { register } from 'tsx/esm/api'

register()
await import(process.argv[2])
