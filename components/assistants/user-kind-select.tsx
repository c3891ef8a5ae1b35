import { Select } from '@/components/ui/select'

const everybody = '·everybody·'

/** For whom the assistant is looked at and tried. */
export function UserKindSelect({
  value,
  kinds,
  onChange,
}: {
  value: string | undefined
  kinds: readonly string[]
  onChange: (kind: string | undefined) => void
}) {
  const options = [
    { value: everybody, label: 'As anybody' },
    ...kinds.map((kind) => ({ value: kind, label: `As ${kind}` })),
  ]
  return (
    <Select
      aria-label="Kind of user"
      className="absolute top-0 right-0 h-7 w-36"
      value={value ?? everybody}
      options={options}
      onChange={(next) => onChange(next === everybody ? undefined : next)}
    />
  )
}
