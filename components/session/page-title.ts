'use client'

import { useEffect } from 'react'

/** Names the browser's tab after what is on the page, once that is known. */
export function usePageTitle(title: string | undefined): void {
  useEffect(() => {
    if (title) document.title = `${title} · Millrace`
  }, [title])
}
