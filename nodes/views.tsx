import {
  Bell,
  Check,
  CircleHelp,
  Clock,
  CodeXml,
  CornerUpLeft,
  Database,
  Diamond,
  Flag,
  GitMerge,
  Globe,
  Hourglass,
  ListTree,
  Mail,
  Megaphone,
  MessageCircleQuestion,
  OctagonX,
  Play,
  RefreshCw,
  Repeat,
  Radio,
  RadioTower,
  ScrollText,
  Shuffle,
  Sparkle,
  Split,
  StretchHorizontal,
  Tags,
  Type,
  Variable,
  Workflow,
  Zap,
  type LucideIcon,
} from 'lucide-react'
import type { KindName } from './definitions'

/** The icon of every kind; a kind without one does not compile. */
const icons: Record<KindName, LucideIcon> = {
  start: Play,
  webhook: Zap,
  schedule: Clock,
  condition: Diamond,
  switch: Split,
  parallel: StretchHorizontal,
  join: GitMerge,
  for_each: Repeat,
  loop: RefreshCw,
  jump: CornerUpLeft,
  call_flow: Workflow,
  transform: Variable,
  set_state: ListTree,
  text: Type,
  code: CodeXml,
  log: ScrollText,
  http_request: Globe,
  agent: Sparkle,
  wait: Hourglass,
  approval: Check,
  complete: Flag,
  fail: OctagonX,
  event: RadioTower,
  classify: Tags,
  split: Shuffle,
  ask: MessageCircleQuestion,
  sql_query: Database,
  email: Mail,
  notify: Bell,
  send_event: Megaphone,
  wait_for_event: Radio,
}

const byName = new Map<string, LucideIcon>(Object.entries(icons))

/** A kind's icon; a question mark for a kind that this version does not know. */
export function KindIcon({ kind, className }: { kind: string; className?: string }) {
  const Icon = byName.get(kind) ?? CircleHelp
  return <Icon aria-hidden strokeWidth={1.75} className={className} />
}
