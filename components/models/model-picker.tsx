'use client'

import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTRPC } from '@/components/api/trpc'
import { NamePicker, type PickerProps } from './name-picker'

/** One of the workspace's models, or a name typed by hand: of one that is not listed, or an expression. */
export function ModelPicker(props: PickerProps) {
  const api = useTRPC()
  const [isOpen, setOpen] = useState(false)
  const models = useQuery({ ...api.models.list.queryOptions(), enabled: isOpen, staleTime: 30_000 })
  return <NamePicker {...props} models={models} isOpen={isOpen} onOpenChange={setOpen} />
}
