import { toast } from '@/components/ui/toaster'

/** Copies an address; where the browser does not let it, the address is shown. */
export function copyLink(url: string, description: string): void {
  navigator.clipboard.writeText(url).then(
    () => toast.success('Link copied', { description }),
    () => toast.error('The link could not be copied', { description: url }),
  )
}
