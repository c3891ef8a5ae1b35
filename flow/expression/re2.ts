import { RE2JS } from 're2js'
import { provideRegexEngine } from './regex'

provideRegexEngine(RE2JS)
