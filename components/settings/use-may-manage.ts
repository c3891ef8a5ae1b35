import { useSession } from '@/components/session/session'

/** Only admins change a workspace's settings; to others they are shown. */
export function useMayManage(): boolean {
  return useSession().data?.role === 'admin'
}
