import { OpenFlow } from '@/components/editor/open-flow'

export default async function Page({ params }: { params: Promise<{ id: string }> }) {
  const { id } = await params
  return <OpenFlow id={id} />
}
