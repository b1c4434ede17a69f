import { loadConfig, parse, type Environment } from '@holdfast/example-service-kit';
import type { Secret } from '@holdfast/credential-broker';
import { expectTypeOf } from 'vitest';

const { values, environment } = loadConfig(
  {
    port: { variable: 'PORT', parse: parse.integer(0), default: 1, about: '' },
    level: { variable: 'LEVEL', parse: parse.choice('info', 'warn'), about: '' },
    origins: { variable: 'ORIGINS', parse: parse.list(parse.url()), default: [], about: '' },
    trace: { variable: 'TRACE', parse: parse.flag(), optional: true, about: '' },
    jwt: { variable: 'JWT', secret: true, about: '' },
    session: { variable: 'SESSION', secret: true, optional: true, about: '' },
  },
  {},
);

expectTypeOf(values.port).toEqualTypeOf<number>();
expectTypeOf(values.level).toEqualTypeOf<'info' | 'warn'>();
expectTypeOf(values.origins).toEqualTypeOf<readonly URL[]>();
expectTypeOf(values.trace).toEqualTypeOf<boolean | undefined>();
expectTypeOf(values.jwt).toEqualTypeOf<Secret>();
expectTypeOf(values.session).toEqualTypeOf<Secret | undefined>();
expectTypeOf(environment).toEqualTypeOf<Environment>();

// @ts-expect-error a default is no part of a secret
loadConfig({ jwt: { variable: 'JWT', secret: true, default: 'x', about: '' } }, {});
// @ts-expect-error what is not declared is not there
void values.other;
