import { expectTypeOf, test } from 'vitest';
import {
  checkProof,
  trustLog,
  verifyLog,
  type Finding,
  type FindingKind,
  type Quorum,
  type TileSource,
  type VerifyReport,
  type WitnessEvent,
  type Witnessing,
  type WitnessPolicy,
} from '@holdfast/audit';

test('a report can be told apart by the kinds of its findings', () => {
  expectTypeOf(verifyLog).returns.resolves.toEqualTypeOf<VerifyReport>();
  expectTypeOf<VerifyReport['findings'][number]>().toEqualTypeOf<Finding>();
  expectTypeOf<'rolled-back'>().toExtend<FindingKind>();
  // @ts-expect-error there is no such finding
  const unknown: FindingKind = 'stolen';
  expectTypeOf(unknown).toBeString();
});

test('trust is one thing, wherever it comes from', () => {
  expectTypeOf(trustLog).returns.toEqualTypeOf<WitnessPolicy>();
  expectTypeOf(checkProof).parameter(2).toEqualTypeOf<WitnessPolicy>();
  expectTypeOf<Quorum['kind']>().toEqualTypeOf<'none' | 'witness' | 'group'>();
});

test('a source needs to read, and no more', () => {
  const source: TileSource = { read: async () => undefined };
  expectTypeOf(source.read).returns.resolves.toEqualTypeOf<Uint8Array | undefined>();
});

test('events of witnessing are told apart by type', () => {
  expectTypeOf<WitnessEvent['type']>().toEqualTypeOf<
    'audit.checkpoint_witnessed' | 'audit.witness_failed' | 'audit.quorum_missed'
  >();
  const listen = (witnessing: Witnessing) =>
    witnessing.on('audit.quorum_missed', ({ witnesses }) =>
      expectTypeOf(witnesses).toEqualTypeOf<readonly string[]>(),
    );
  expectTypeOf(listen).returns.toEqualTypeOf<() => void>();
});
