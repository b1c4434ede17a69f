import { expectTypeOf } from 'vitest';
import type { Backend, BackendError, GuardedBackend, GuardStats, Secret } from '@holdfast/credential-broker';
import { guardBackend } from '@holdfast/credential-broker';
import {
  environment,
  fileVault,
  onePasswordConnect,
  quotaFile,
  sshCertificates,
  type EnvironmentName,
} from '@holdfast/credential-broker/backends';
import type { RateStore } from '@holdfast/limiter';

declare const secret: Secret;
declare const backend: Backend;
declare const error: BackendError;

for (const made of [
  onePasswordConnect({ url: 'http://localhost:8080', token: secret, vaults: { prod: 'x' } }),
  fileVault({ file: 'x', passphrase: secret }),
  environment({ env: process.env }),
  sshCertificates({ caKey: secret, principals: ['deploy'] }),
]) {
  expectTypeOf(made).toExtend<Backend>();
}

// @ts-expect-error a token is a Secret
onePasswordConnect({ url: 'x', token: 'x' });
// @ts-expect-error a passphrase is a Secret
fileVault({ file: 'x', passphrase: 'x' });
// @ts-expect-error there are three environments
environment({ env: {}, name: 'prod' });
// @ts-expect-error users have to be named
sshCertificates({ caKey: secret });
// @ts-expect-error not every extension is one
sshCertificates({ caKey: secret, principals: ['deploy'], extensions: ['permit-all'] });

const store = quotaFile({ file: 'x' });
const guarded = guardBackend(backend, { quotaStore: store });
expectTypeOf(store).toExtend<RateStore & Disposable>();
expectTypeOf(guarded).toEqualTypeOf<GuardedBackend>();
expectTypeOf(guarded).toExtend<Backend>();
expectTypeOf(guarded.stats()).toEqualTypeOf<GuardStats>();
expectTypeOf(error.retryAfterMs).toEqualTypeOf<number | undefined>();
expectTypeOf(error.transient).toEqualTypeOf<boolean>();
expectTypeOf<EnvironmentName>().toEqualTypeOf<'development' | 'staging' | 'production'>();
