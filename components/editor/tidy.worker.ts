// Answers elkjs' API by messages: importing it inside a worker is all it takes.
import 'elkjs/lib/elk-worker.min.js'
