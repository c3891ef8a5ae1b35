import Link from 'next/link'
import { FrontCard } from '@/components/session/front-card'
import { Button } from '@/components/ui/button'

export default function NotFound() {
  return (
    <FrontCard title="There is nothing here" intro="The address is wrong, or what it led to was archived.">
      <Button asChild variant="primary" size="lg" className="w-full">
        <Link href="/flows">Go to all flows</Link>
      </Button>
    </FrontCard>
  )
}
