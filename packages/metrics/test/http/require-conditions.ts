import { registerHooks } from 'node:module';

// The test runner starts Node with `--conditions=import`, which `require` heeds too: Express would get ES modules.
registerHooks({
  resolve: (specifier, context, next) => {
    const { conditions } = context;
    if (!conditions.includes('require')) return next(specifier, context);
    return next(specifier, { ...context, conditions: conditions.filter((each) => each !== 'import') });
  },
});
