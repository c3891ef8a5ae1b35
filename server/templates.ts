import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { NotFoundError } from '@/db/errors'
import { documentSchema, type FlowDocument } from '@/flow/document'
import { rootFolder } from './root'

export interface Template {
  id: string
  name: string
  description: string
  /** What must be set up before it does its real work, in words. Every template runs without it, on the offline model. */
  needs: string[]
  document: FlowDocument
}

const suffix = '.flow.json'
const needsSchema = z.object({ needs: z.array(z.string()) })

/** The flows in examples/, by name. */
export async function listTemplates(): Promise<Template[]> {
  const folder = join(rootFolder, 'examples')
  const files = (await readdir(folder)).filter((file) => file.endsWith(suffix))
  const templates = await Promise.all(files.map((file) => readTemplate(join(folder, file))))
  return templates.sort((a, b) => a.name.localeCompare(b.name))
}

/** Throws NotFoundError. */
export async function getTemplate(id: string): Promise<Template> {
  const template = (await listTemplates()).find((candidate) => candidate.id === id)
  if (!template)
    throw new NotFoundError(`There is no template ${id}. The list of templates tells which there are.`)
  return template
}

async function readTemplate(file: string): Promise<Template> {
  const document = documentSchema.parse(JSON.parse(await readFile(file, 'utf8')))
  const needs = needsSchema.safeParse(document.extensions)
  return {
    id: document.id,
    name: document.name,
    description: document.description,
    needs: needs.success ? needs.data.needs : [],
    document,
  }
}
