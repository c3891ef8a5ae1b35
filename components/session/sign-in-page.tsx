'use client'

import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useRouter, useSearchParams } from 'next/navigation'
import { Suspense, useEffect, useState } from 'react'
import { useTRPC } from '@/components/api/trpc'
import { Button } from '@/components/ui/button'
import { authClient } from './auth-client'
import { AwayBanner } from './away-banner'
import { FormLine } from './form-line'
import { FrontCard } from './front-card'
import { safeNext, useSession } from './session'

export function SignInPage() {
  return (
    <>
      <AwayBanner />
      <FrontCard title="Sign in">
        <Suspense>
          <SignInForm />
        </Suspense>
      </FrontCard>
    </>
  )
}

function SignInForm() {
  const router = useRouter()
  const api = useTRPC()
  const queries = useQueryClient()
  const next = safeNext(useSearchParams().get('next'))
  const { data: session } = useSession()
  const [email, setEmail] = useState('')
  const [password, setPassword] = useState('')

  const signIn = useMutation({
    mutationFn: async () => {
      const { error } = await authClient.signIn.email({ email, password })
      if (error) throw new Error(reasonOf(error))
      await queries.invalidateQueries({ queryKey: api.session.get.queryKey() })
    },
  })
  useEffect(() => {
    if (session?.user) router.replace(next)
    else if (session?.setupNeeded) router.replace('/setup')
  }, [router, session, next])

  return (
    <form
      className="flex flex-col gap-3.5"
      onSubmit={(event) => {
        event.preventDefault()
        signIn.mutate()
      }}
    >
      <FormLine
        label="E-mail"
        type="email"
        autoComplete="email"
        autoFocus
        required
        value={email}
        onChange={(event) => setEmail(event.target.value)}
      />
      <FormLine
        label="Password"
        type="password"
        autoComplete="current-password"
        required
        value={password}
        onChange={(event) => setPassword(event.target.value)}
      />
      {signIn.error && (
        <p role="alert" className="text-status-failed text-sm">
          {signIn.error.message}
        </p>
      )}
      <Button
        type="submit"
        variant="primary"
        size="lg"
        disabled={signIn.isPending || signIn.isSuccess}
        className="mt-1"
      >
        {signIn.isPending ? 'Signing in…' : 'Sign in'}
      </Button>
    </form>
  )
}

function reasonOf(error: { status: number; message?: string }): string {
  if (error.status === 401 || error.status === 403)
    return 'No account has this e-mail and password. Check both and try again.'
  if (error.status === 429) return 'Too many tries. Wait a minute, then try again.'
  if (error.status === 0 || error.status >= 500)
    return 'The server could not check the password. Try again in a moment.'
  return error.message ?? 'Signing in failed. Try again.'
}
