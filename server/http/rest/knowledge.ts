import { z } from 'zod'
import {
  collectionSchema,
  collectionWordsSchema,
  makeCollection,
  questionSchema,
  readCollections,
  readDocuments,
  readPassages,
  removeCollection,
  removeDocument,
  renameCollection,
  storeDocument,
  tryQuestion,
} from '../../knowledge/collections'
import {
  chooseEmbedding,
  embeddingChoiceSchema,
  readEmbeddingChoice,
  readEmbeddingModels,
  retryEmbedding,
} from '../../knowledge/embedding-choice'
import { documentLimits } from '../../knowledge/reader'
import { readBytes } from '../body'
import { route } from '../route'

const done = () => new Response(null, { status: 204 })

export const knowledgeRoutes = [
  route({
    method: 'GET',
    path: '/knowledge',
    summary: 'The collections of documents.',
    role: 'guest',
    answers: {
      200: '`{items: [{id, name, description, language, documents, passages, createdAt}], cursor: null}`',
    },
    async handle({ app, caller }) {
      return Response.json({ items: await readCollections(app, caller), cursor: null })
    },
  }),

  route({
    method: 'POST',
    path: '/knowledge',
    summary: 'Makes a collection. Its language says which endings of words do not count; it stays.',
    role: 'user',
    body: collectionSchema,
    answers: { 201: '`{id}`', 409: 'The id is taken.' },
    async handle({ app, caller, body }) {
      await makeCollection(app, caller, body)
      return Response.json({ id: body.id }, { status: 201 })
    },
  }),

  route({
    method: 'PUT',
    path: '/knowledge/:collection',
    summary: 'Gives a collection another name and description.',
    role: 'user',
    body: collectionWordsSchema,
    answers: { 204: 'Stored.' },
    async handle({ app, caller, params, body }) {
      await renameCollection(app, caller, params.collection ?? '', body)
      return done()
    },
  }),

  route({
    method: 'DELETE',
    path: '/knowledge/:collection',
    summary: 'Removes a collection with all its documents. Steps that ask it fail from then on.',
    role: 'user',
    answers: { 204: 'Done.' },
    async handle({ app, caller, params }) {
      await removeCollection(app, caller, params.collection ?? '')
      return done()
    },
  }),

  route({
    method: 'GET',
    path: '/knowledge/:collection/documents',
    summary: 'The documents of a collection.',
    role: 'guest',
    answers: {
      200: '`{items: [{id, collection, name, mediaType, bytes, characters, passages, createdAt}], cursor: null}`',
    },
    async handle({ app, caller, params }) {
      return Response.json({ items: await readDocuments(app, caller, params.collection ?? ''), cursor: null })
    },
  }),

  route({
    method: 'POST',
    path: '/knowledge/:collection/documents',
    summary:
      'Uploads a document: its bytes as the body, 20 MiB at most; text, Markdown, HTML or PDF. One of the same name is replaced, once the new one is read.',
    role: 'user',
    takesFile: true,
    query: z.object({
      name: z.string().trim().min(1, 'Say what the document is called: ?name=handbook.pdf.').max(300),
    }),
    answers: {
      200: 'It has taken the place of the one of that name.',
      201: '`{id, collection, name, mediaType, bytes, characters, passages, createdAt}`',
      413: 'It is larger than 20 MiB.',
      415: 'It is no document that can be read.',
      422: 'It cannot be read: `document_without_text`, `document_locked`, `document_broken`, `document_too_long`.',
    },
    async handle({ app, caller, params, query, request }) {
      const bytes = await readBytes(request, documentLimits.bytes)
      const { document, isNew } = await storeDocument(app, caller, {
        collection: params.collection ?? '',
        name: query.name,
        mediaType: request.headers.get('content-type') ?? '',
        bytes,
      })
      return Response.json(document, { status: isNew ? 201 : 200 })
    },
  }),

  route({
    method: 'GET',
    path: '/knowledge/:collection/documents/:document',
    summary: 'The passages that a document was cut into.',
    role: 'guest',
    answers: { 200: '`{items: [{place, text}], cursor: null}`' },
    async handle({ app, caller, params }) {
      const items = await readPassages(app, caller, params.collection ?? '', params.document ?? '')
      return Response.json({ items, cursor: null })
    },
  }),

  route({
    method: 'DELETE',
    path: '/knowledge/:collection/documents/:document',
    summary: 'Removes a document.',
    role: 'user',
    answers: { 204: 'Done.' },
    async handle({ app, caller, params }) {
      await removeDocument(app, caller, params.collection ?? '', params.document ?? '')
      return done()
    },
  }),

  route({
    method: 'GET',
    path: '/knowledge/:collection/search',
    summary:
      'The passages that fit a question best, as steps of flows find them. A note says why a collection with embeddings was searched by words alone.',
    role: 'guest',
    query: questionSchema,
    answers: { 200: '`{items: [{text, source, score}], cursor: null, note?}`' },
    async handle({ app, caller, params, query, request }) {
      const { signal } = request
      const { passages, note } = await tryQuestion(app, caller, params.collection ?? '', { ...query, signal })
      return Response.json({ items: passages, cursor: null, note })
    },
  }),

  route({
    method: 'GET',
    path: '/knowledge/embedding-models',
    summary:
      'The models for embeddings that the providers offer, and whether this PostgreSQL can search them.',
    role: 'guest',
    answers: {
      200: "`{support: 'ready' | 'missing', models: [{name, price}], problems: [{provider, message}]}`",
    },
    async handle({ app, caller }) {
      return Response.json(await readEmbeddingModels(app, caller))
    },
  }),

  route({
    method: 'GET',
    path: '/knowledge/:collection/embeddings',
    summary: 'Which model says what the passages of a collection mean, and how far it has come.',
    role: 'guest',
    answers: {
      200: "`{model, state: 'off' | 'working' | 'waiting' | 'failed' | 'ready', embedded, passages, problem: {code, message} | null, retryAt, support}`",
    },
    async handle({ app, caller, params }) {
      return Response.json(await readEmbeddingChoice(app, caller, params.collection ?? ''))
    },
  }),

  route({
    method: 'PUT',
    path: '/knowledge/:collection/embeddings',
    summary:
      'Chooses the model for embeddings, `provider/name`, or none with null. The model is tried first; then all passages are embedded in the background.',
    role: 'user',
    body: embeddingChoiceSchema,
    answers: {
      204: 'Chosen.',
      422: '`pgvector_missing`, `pgvector_refused`, `embeddings_not_offered`, or what the model answered: `model_…`.',
    },
    async handle({ app, caller, params, body }) {
      await chooseEmbedding(app, caller, params.collection ?? '', body)
      return done()
    },
  }),

  route({
    method: 'POST',
    path: '/knowledge/:collection/embeddings/retry',
    summary: 'Tries again at once to embed what could not be embedded.',
    role: 'user',
    answers: { 202: 'It is being tried.', 422: '`no_embeddings`: the collection has none.' },
    async handle({ app, caller, params }) {
      await retryEmbedding(app, caller, params.collection ?? '')
      return new Response(null, { status: 202 })
    },
  }),
]
