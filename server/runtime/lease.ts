/** Another process has taken the run over, or it is gone: whatever is still in flight here must leave no trace. */
export class LeaseLostError extends Error {
  override readonly name = 'LeaseLostError'
  readonly code = 'lease_lost'
  constructor(readonly run: string) {
    super(`Run ${run} belongs to another process now.`)
  }
}
