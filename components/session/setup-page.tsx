'use client'

import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useRouter } from 'next/navigation'
import { useEffect, useState } from 'react'
import { failureOf } from '@/components/api/failure'
import { useTRPC, useTRPCClient } from '@/components/api/trpc'
import { Button } from '@/components/ui/button'
import { AwayBanner } from './away-banner'
import { FormLine } from './form-line'
import { FrontCard } from './front-card'
import { useSession } from './session'

/** The flow that a new owner lands in. */
const firstTemplate = 'renewal_management'
const shortestPassword = 8

/** First start: makes the owner and the workspace, then goes straight into a flow that runs. */
export function SetupPage() {
  const router = useRouter()
  const api = useTRPC()
  const client = useTRPCClient()
  const queries = useQueryClient()
  const { data: session } = useSession()
  const [form, setForm] = useState({ name: '', email: '', password: '', workspace: '' })
  const [isTried, setTried] = useState(false)

  const setup = useMutation({
    mutationFn: async () => {
      await client.session.setup.mutate(form)
      // A missing template must not keep a new owner out: the list of flows will do.
      const flow = await client.flows.create.mutate({ template: firstTemplate }).catch(() => null)
      await queries.invalidateQueries({ queryKey: api.session.get.queryKey() })
      return flow
    },
    onSuccess: (flow) => router.replace(flow ? `/flows/${flow.id}` : '/flows'),
  })

  const isBusy = setup.isPending || setup.isSuccess
  useEffect(() => {
    if (session && !session.setupNeeded && session.problems.length === 0 && !isBusy) router.replace('/flows')
  }, [router, session, isBusy])

  const errors = isTried ? errorsOf(form) : {}
  const line = (name: keyof typeof form) => ({
    name,
    value: form[name],
    error: errors[name],
    onChange: (event: { target: { value: string } }) => setForm({ ...form, [name]: event.target.value }),
  })
  return (
    <>
      <AwayBanner />
      <FrontCard
        title="Welcome to Millrace"
        intro="Create the owner of this server. You land in a flow that is ready to run."
      >
        <form
          noValidate
          className="flex flex-col gap-3.5"
          onSubmit={(event) => {
            event.preventDefault()
            setTried(true)
            if (Object.keys(errorsOf(form)).length === 0) setup.mutate()
          }}
        >
          <FormLine label="Your name" autoComplete="name" autoFocus {...line('name')} />
          <FormLine label="E-mail" type="email" autoComplete="email" {...line('email')} />
          <FormLine
            label="Password"
            type="password"
            autoComplete="new-password"
            help={`At least ${shortestPassword} characters.`}
            {...line('password')}
          />
          <FormLine
            label="Workspace"
            autoComplete="organization"
            placeholder="Acme support"
            help="The name of your team or company."
            {...line('workspace')}
          />
          {setup.error && (
            <p role="alert" className="text-status-failed text-sm">
              {failureOf(setup.error).message}
            </p>
          )}
          <Button type="submit" variant="primary" size="lg" disabled={isBusy} className="mt-1">
            {isBusy ? 'Setting up…' : 'Create owner and begin'}
          </Button>
        </form>
      </FrontCard>
    </>
  )
}

function errorsOf(form: { name: string; email: string; password: string; workspace: string }) {
  const errors: Partial<Record<keyof typeof form, string>> = {}
  if (form.name.trim() === '') errors.name = 'Write your name.'
  if (!/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(form.email))
    errors.email = 'Write an e-mail address, such as ana@example.com.'
  if (form.password.length < shortestPassword)
    errors.password = `Choose a password of at least ${shortestPassword} characters.`
  if (form.workspace.trim() === '') errors.workspace = 'Give the workspace a name.'
  return errors
}
