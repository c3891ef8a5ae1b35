import { labelId } from './node-models'

/**
 * The words that announce a node. It points to them, so they count although they are not drawn; text that is clipped
 * away instead, as for screen readers elsewhere, makes the browser paint all nodes anew on every step of a pan.
 */
export function NodeLabel({ node, children }: { node: string; children: string }) {
  return (
    <span id={labelId(node)} hidden>
      {children}
    </span>
  )
}
