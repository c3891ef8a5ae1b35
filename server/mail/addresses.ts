import addressparser from 'nodemailer/lib/addressparser'
import { StepError } from '@/flow/kind'

export interface MailAddress {
  name: string
  address: string
}

/** `Ana <ana@example.com>, ben@example.com` as its addresses. Throws StepError `mail_address_invalid`. */
export function addressesIn(field: string, text: string): MailAddress[] {
  return addressparser(text, { flatten: true }).flatMap((found): MailAddress[] => {
    const { name = '', address = '' } = found
    if (name === '' && address === '') return []
    if (/^[^\s@<>,;]+@[^\s@<>,;]+$/.test(address)) return [{ name, address }]
    throw new StepError(
      'mail_address_invalid',
      `${field}: "${address || name}" is not an e-mail address. Write ana@example.com, or Ana <ana@example.com>.`,
      { retryable: false },
    )
  })
}
