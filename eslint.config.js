import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';
import { fileName } from './scripts/lint/file-name.ts';
import { imports } from './scripts/lint/imports.ts';

const ambient = 'is ambient time or randomness: take { clock, random }.';
const forbid = (selector, message) => ({ selector, message });

const shape = [
  forbid('ExportAllDeclaration', 'List the exports by hand.'),
  forbid('TSEnumDeclaration', 'Use a union of literals.'),
  forbid('TSModuleDeclaration[kind="namespace"]', 'Use a module.'),
];
const defaultExport = forbid('ExportDefaultDeclaration', 'Export by name.');
const ambientDate = [
  forbid('NewExpression[callee.name="Date"][arguments.length=0]', `new Date() ${ambient}`),
  forbid('CallExpression[callee.name="Date"]', `Date() ${ambient}`),
];

const timers = [
  'setTimeout',
  'setInterval',
  'setImmediate',
  'clearTimeout',
  'clearInterval',
  'clearImmediate',
];
const ambientGlobals = ['performance', ...timers].map((name) => ({ name, message: `${name} ${ambient}` }));
const ambientProperties = [
  ['Date', 'now'],
  ['Math', 'random'],
  ['AbortSignal', 'timeout'],
  ['crypto', 'randomUUID'],
  ['crypto', 'getRandomValues'],
  ['process', 'hrtime'],
  ['process', 'uptime'],
].map(([object, property]) => ({ object, property, message: `${object}.${property} ${ambient}` }));

export default defineConfig(
  {
    ignores: [
      '**/dist/',
      '**/coverage/',
      '**/.cache/',
      '**/.turbo/',
      'packages/*/api.d.ts',
      'docs/samples.d.ts',
    ],
  },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    plugins: { house: { rules: { 'file-name': fileName, imports } } },
    rules: {
      'house/file-name': 'error',
      'no-restricted-syntax': ['error', ...shape, defaultExport],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-empty-object-type': ['error', { allowInterfaces: 'with-single-extends' }],
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/only-throw-error': ['error', { allowThrowingUnknown: true }],
      '@typescript-eslint/prefer-promise-reject-errors': ['error', { allowThrowingUnknown: true }],
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      eqeqeq: 'error',
      'no-console': 'off',
      'prefer-const': 'error',
    },
  },
  {
    files: ['{packages,examples}/*/src/**/*.ts', '{benchmarks,scripts}/**/*.ts'],
    ignores: ['**/test/**'],
    rules: {
      complexity: ['error', 15],
      'max-lines': ['error', 300],
      'max-lines-per-function': ['error', { max: 60, skipComments: true }],
    },
  },
  {
    files: ['packages/*/src/**/*.ts'],
    rules: { 'house/imports': 'error' },
  },
  {
    files: ['packages/*/src/**/*.ts'],
    ignores: ['**/clock.ts'],
    rules: {
      'no-restricted-globals': ['error', { globals: ambientGlobals, checkGlobalObject: true }],
      'no-restricted-properties': ['error', ...ambientProperties],
      'no-restricted-syntax': ['error', ...shape, defaultExport, ...ambientDate],
    },
  },
  {
    // Tests exercise what callers do wrong: throw non-Errors, pass async functions that do not wait, unbind methods.
    files: ['**/test/**/*.ts'],
    rules: {
      '@typescript-eslint/only-throw-error': 'off',
      '@typescript-eslint/prefer-promise-reject-errors': 'off',
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/unbound-method': 'off',
    },
  },
  {
    files: ['**/*.test-d.ts'],
    rules: { '@typescript-eslint/no-unused-vars': 'off' },
  },
  {
    files: ['**/*.config.ts'],
    rules: { 'no-restricted-syntax': ['error', ...shape] },
  },
);
