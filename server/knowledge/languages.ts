/** The languages whose endings PostgreSQL takes off words, by its names for them. All are in PostgreSQL 14 and later. */
export const languages = {
  simple: 'Any language (words as they are written)',
  arabic: 'Arabic',
  danish: 'Danish',
  dutch: 'Dutch',
  english: 'English',
  finnish: 'Finnish',
  french: 'French',
  german: 'German',
  greek: 'Greek',
  hindi: 'Hindi',
  hungarian: 'Hungarian',
  indonesian: 'Indonesian',
  italian: 'Italian',
  norwegian: 'Norwegian',
  portuguese: 'Portuguese',
  romanian: 'Romanian',
  russian: 'Russian',
  spanish: 'Spanish',
  swedish: 'Swedish',
  turkish: 'Turkish',
} as const

export type Language = keyof typeof languages

export const languageNames = Object.keys(languages).filter((name): name is Language => name in languages)
