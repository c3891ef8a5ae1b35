'use client'

import { Dialog } from '@/components/ui/dialog'
import { Kbd } from '@/components/ui/kbd'
import { commandGroups } from './command'
import { commands } from './commands'

/** Gestures that no key stands for. */
const gestures = [
  ['Double-click the canvas', 'Add a step there'],
  ['Drag a port onto a step', 'Connect them'],
  ['Drag a port onto empty canvas', 'Add a step, connected'],
  ['Drag a step onto a line', 'Put it between'],
  ['Drag the end of a line', 'Lead it elsewhere'],
  ['Space and drag', 'Move the view'],
] as const

/** The keyboard map: the command table, written out. */
export function KeysDialog({ onClose }: { onClose: () => void }) {
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title="Keyboard" size="lg">
      {/* Can take the keyboard, so that it can be scrolled by it. */}
      <div role="region" aria-label="Keys" tabIndex={0} className="columns-1 gap-8 sm:columns-2">
        {commandGroups.map((group) => {
          const listed = commands.filter((command) => command.group === group && command.keys)
          return (
            listed.length > 0 && (
              <section key={group} className="mb-5 break-inside-avoid">
                <h3 className="text-ink-faint mb-1 text-xs font-semibold">{group}</h3>
                <dl>
                  {listed.map((command) => (
                    <div key={command.id} className="flex min-h-6.5 items-center justify-between gap-3">
                      <dt>{command.title}</dt>
                      <dd className="flex gap-1">
                        {command.keys?.map((keys) => (
                          <Kbd key={keys} keys={keys} />
                        ))}
                      </dd>
                    </div>
                  ))}
                </dl>
              </section>
            )
          )
        })}
        <section className="mb-5 break-inside-avoid">
          <h3 className="text-ink-faint mb-1 text-xs font-semibold">With the pointer</h3>
          <dl>
            {gestures.map(([gesture, what]) => (
              <div key={gesture} className="flex min-h-6.5 items-center justify-between gap-3">
                <dt>{what}</dt>
                <dd className="text-ink-faint text-right text-xs">{gesture}</dd>
              </div>
            ))}
          </dl>
        </section>
      </div>
    </Dialog>
  )
}
