import { ReactFlow, type Edge, type Node } from '@xyflow/react'
import '@xyflow/react/dist/style.css'
import { createRoot } from 'react-dom/client'

/* React Flow as it comes, with as many plain nodes as the measured flow: the yardstick of the canvas benchmark. */

const count = Number(new URLSearchParams(location.search).get('nodes') ?? 500)
const columns = 25

const nodes: Node[] = Array.from({ length: count }, (_, index) => ({
  id: `n${index}`,
  position: { x: (index % columns) * 280, y: Math.floor(index / columns) * 120 },
  data: { label: `Step ${index}` },
}))
const edges: Edge[] = nodes
  .slice(1)
  .map((node, index) => ({ id: node.id, source: `n${index}`, target: node.id }))

const place = document.createElement('div')
place.style.cssText = 'position:fixed;inset:0'
document.body.append(place)
createRoot(place).render(
  <ReactFlow defaultNodes={nodes} defaultEdges={edges} panOnScroll minZoom={0.05} fitView />,
)
