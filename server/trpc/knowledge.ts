import { z } from 'zod'
import type { FoundPassages } from '@/nodes/step'
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
  tryQuestion,
  type CollectionView,
  type DocumentView,
} from '../knowledge/collections'
import {
  chooseEmbedding,
  embeddingChoiceSchema,
  readEmbeddingChoice,
  readEmbeddingModels,
  retryEmbedding,
  type EmbeddingModels,
  type EmbeddingView,
} from '../knowledge/embedding-choice'
import { languageNames, languages, type Language } from '../knowledge/languages'
import { guestProcedure, router, userProcedure } from './trpc'

const collection = z.string().min(1).max(64)
const inCollection = z.object({ collection })
const documentOf = inCollection.extend({ document: z.string().min(1).max(64) })

/** Documents are uploaded by REST: bytes do not go well through here. */
export const knowledgeRouter = router({
  list: guestProcedure.query(({ ctx }): Promise<CollectionView[]> => readCollections(ctx.app, ctx.caller)),

  languages: guestProcedure.query((): { value: Language; label: string }[] =>
    languageNames.map((value) => ({ value, label: languages[value] })),
  ),

  make: userProcedure
    .input(collectionSchema)
    .mutation(({ ctx, input }): Promise<void> => makeCollection(ctx.app, ctx.caller, input)),

  describe: userProcedure
    .input(collectionWordsSchema.extend({ collection }))
    .mutation(({ ctx, input: { collection: id, ...words } }): Promise<void> =>
      renameCollection(ctx.app, ctx.caller, id, words),
    ),

  remove: userProcedure
    .input(inCollection)
    .mutation(({ ctx, input }): Promise<void> => removeCollection(ctx.app, ctx.caller, input.collection)),

  documents: guestProcedure
    .input(inCollection)
    .query(({ ctx, input }): Promise<DocumentView[]> => readDocuments(ctx.app, ctx.caller, input.collection)),

  passages: guestProcedure
    .input(documentOf)
    .query(({ ctx, input }): Promise<{ place: string | null; text: string }[]> =>
      readPassages(ctx.app, ctx.caller, input.collection, input.document),
    ),

  removeDocument: userProcedure
    .input(documentOf)
    .mutation(({ ctx, input }): Promise<void> =>
      removeDocument(ctx.app, ctx.caller, input.collection, input.document),
    ),

  search: guestProcedure
    .input(questionSchema.extend({ collection }))
    .query(
      ({
        ctx,
        input: { collection: id, ...question },
        signal,
      }): Promise<Pick<FoundPassages, 'passages' | 'note'>> =>
        tryQuestion(ctx.app, ctx.caller, id, {
          ...question,
          signal: signal ?? new AbortController().signal,
        }),
    ),

  embeddings: guestProcedure
    .input(inCollection)
    .query(({ ctx, input }): Promise<EmbeddingView> =>
      readEmbeddingChoice(ctx.app, ctx.caller, input.collection),
    ),

  embeddingModels: guestProcedure.query(({ ctx }): Promise<EmbeddingModels> =>
    readEmbeddingModels(ctx.app, ctx.caller),
  ),

  chooseEmbedding: userProcedure
    .input(embeddingChoiceSchema.extend({ collection }))
    .mutation(({ ctx, input: { collection: id, ...choice } }): Promise<void> =>
      chooseEmbedding(ctx.app, ctx.caller, id, choice),
    ),

  retryEmbedding: userProcedure
    .input(inCollection)
    .mutation(({ ctx, input }): Promise<void> => retryEmbedding(ctx.app, ctx.caller, input.collection)),
})
