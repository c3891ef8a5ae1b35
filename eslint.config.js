import importX from 'eslint-plugin-import-x'
import reactHooks from 'eslint-plugin-react-hooks'
import tseslint from 'typescript-eslint'

/** Who may import whom; the table is in ARCHITECTURE.md. `target` must not import `from`. */
const zones = [
  { target: './flow', from: ['./nodes', './server', './db', './components', './app', './sdk', './cli'] },
  {
    target: './nodes/*/definition.ts',
    from: ['./server/**/*', './db/**/*', './components/**/*', './app/**/*', './nodes/*/run.ts'],
  },
  { target: './nodes/*/run.ts', from: ['./server', './db', './components', './app'] },
  { target: './db', from: ['./server', './components', './app', './nodes'] },
  { target: './components', from: ['./db/**/*', './cli/**/*', './nodes/*/run.ts', './nodes/run*.ts'] },
  {
    target: './components',
    from: './server',
    except: ['./trpc/router.ts'],
    message: 'Components know the server by `import type { AppRouter }` only.',
  },
  {
    target: './server',
    from: [
      './components/**/*',
      './app/**/*',
      './cli/**/*',
      './sdk/**/*',
      './nodes/view*.tsx',
      './nodes/*/*.tsx',
    ],
  },
  { target: './app', from: ['./server', './db', './nodes', './flow', './cli'] },
  { target: './e2e', from: ['./server', './db', './components', './app', './nodes', './flow'] },
  { target: './sdk', from: ['./server', './db', './components', './app'] },
]

export default tseslint.config(
  {
    ignores: ['node_modules', 'dist', '.next', '.millrace', 'db/migrations', 'next-env.d.ts', 'test-results'],
  },
  ...tseslint.configs.recommended,
  {
    plugins: { 'import-x': importX },
    settings: {
      'import-x/parsers': { '@typescript-eslint/parser': ['.ts', '.tsx'] },
      'import-x/resolver': { typescript: { project: './tsconfig.json' }, node: true },
    },
    rules: {
      'import-x/no-restricted-paths': ['error', { zones }],
      'import-x/no-cycle': ['error', { ignoreExternal: true }],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      'no-console': ['error', { allow: ['warn', 'error'] }],
      eqeqeq: ['error', 'always'],
    },
  },
  {
    files: ['**/*.tsx'],
    plugins: { 'react-hooks': reactHooks },
    rules: { 'react-hooks/rules-of-hooks': 'error', 'react-hooks/exhaustive-deps': 'error' },
  },
  {
    files: ['components/**/*.{ts,tsx}'],
    rules: {
      '@typescript-eslint/no-restricted-imports': [
        'error',
        {
          patterns: [
            { group: ['@/server/*'], allowTypeImports: true, message: 'Only its types: `import type`.' },
          ],
        },
      ],
    },
  },
  {
    files: ['flow/**/*.ts'],
    ignores: ['**/*.test.ts'],
    rules: {
      'no-restricted-globals': ['error', 'process', 'fetch', 'setTimeout', 'setInterval', 'crypto'],
      'no-restricted-properties': [
        'error',
        { object: 'Date', property: 'now', message: 'The core has no clock: take `now`.' },
        {
          object: 'Math',
          property: 'random',
          message: 'The core has no randomness: take it as an argument.',
        },
      ],
      'no-restricted-imports': ['error', { patterns: ['node:*', 'react', 'react-dom', 'pg', 'drizzle-orm'] }],
    },
  },
  { files: ['cli/**', 'bench/**', 'chaos/**', 'e2e/**'], rules: { 'no-console': 'off' } },
  {
    files: ['**/*.test.{ts,tsx}', 'e2e/**', '**/testing/**'],
    rules: { '@typescript-eslint/no-non-null-assertion': 'off' },
  },
)
