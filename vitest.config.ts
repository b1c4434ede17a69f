import { defineConfig } from 'vitest/config';

const conditions = ['@holdfast/source'];

export default defineConfig({
  resolve: { conditions: [...conditions, 'module', 'import', 'default'] },
  // Not `import`: it would reach `require` as well, and hand CommonJS packages ES modules.
  ssr: { resolve: { conditions: [...conditions, 'module', 'node'] } },
  test: {
    include: ['{packages,examples}/*/test/**/*.test.ts', '{benchmarks,scripts}/test/**/*.test.ts'],
    restoreMocks: true,
    // A busy machine is not a failing test; this only ends what hangs.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 20_000 } },
    // Tests of memory collect garbage themselves.
    execArgv: ['--expose-gc'],
    setupFiles: ['./scripts/property-runs.ts'],
    coverage: { include: ['packages/*/src/**/*.ts'] },
  },
});
