import { parentPort, workerData } from 'node:worker_threads'
import { readDocument, type ReadAnswer, type ReadQuestion } from './read-document'

const question: ReadQuestion = workerData
const answer: ReadAnswer = await readDocument(question)
parentPort?.postMessage(answer)
