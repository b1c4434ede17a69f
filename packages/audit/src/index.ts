export type { AuditLog, AuditLogEvent, AuditPage, AuditRecord, AuditStats } from './audit-log.ts';
export {
  AuditClosedError,
  AuditDamagedError,
  AuditError,
  AuditLockedError,
  AuditOverloadedError,
  AuditTimeoutError,
  AuditWriteError,
  type AuditDamage,
} from './errors.ts';
export type {
  Appended,
  AuditEngine,
  Cursor,
  EngineState,
  EngineStats,
  PublishedCheckpoint,
  StoredEntry,
} from './log/engine.ts';
export type {
  CheckpointPublished,
  EngineEvent,
  PublishFailed,
  RetireFailed,
  WriteFailed,
  WriteRecovered,
} from './log/engine-events.ts';
export { diskFiles } from './files/disk-files.ts';
export type { AppendFile, AuditFiles, FileIdentity } from './files/audit-files.ts';
export type { EngineOptions } from './log/engine-options.ts';
export { openEngine } from './log/open-engine.ts';
export { openAudit } from './open-audit.ts';
export type { AuditOptions, PersonalOptions, WitnessOptions } from './options.ts';
export type {
  AuditContext,
  AuditEvent,
  AuditOrigin,
  AuditParty,
  AuditResource,
} from './events/audit-event.ts';
export { auditEvents, type EventExtras } from './events/audit-events.ts';
export { currentAuditContext, withContext } from './events/context.ts';
export { AuditEventError, isAuditEventError } from './events/event-error.ts';
export type { AuditOutcome } from './events/outcome.ts';
export type { ExportOptions } from './export/export-entries.ts';
export { loggedEventIn, type LoggedEvent } from './export/logged-event.ts';
export type { AuditMode, Guard, GuardOptions } from './guard.ts';
export type { Erasure, ErasureReport } from './personal/erase-subject.ts';
export { AuditCursorError } from './query/cursor.ts';
export type { AuditQuery } from './query/options.ts';
export { createRedactor, type RedactionOptions, type Redactor } from './redaction/redactor.ts';
export type { PruneRequest } from './retention/prune-tree.ts';
export type { TailOptions } from './tail/tail-entries.ts';
export type { HashReader } from './merkle/hash-reader.ts';
export { emptyRoot, leafHash, nodeHash } from './merkle/hash.ts';
export { consistencyProof, inclusionProof, rootOf } from './merkle/proofs.ts';
export { verifyConsistency, type ConsistencyClaim } from './merkle/verify-consistency.ts';
export { rootFromInclusion, verifyInclusion, type InclusionClaim } from './merkle/verify-inclusion.ts';
export { formatCheckpoint, parseCheckpoint, type Checkpoint } from './note/checkpoint.ts';
export { generateKeyPair, signerFrom, type KeyPairText, type NamedSigner } from './note/key-file.ts';
export { NoteError, type NoteFault } from './note/note-error.ts';
export {
  openNote,
  parseNote,
  signNote,
  type NoteSignature,
  type OpenedNote,
  type ParsedNote,
} from './note/note.ts';
export { createSigner, generateSigner, noteSigner, type NoteSigner, type Signer } from './note/signer.ts';
export { verifierFrom, vkeyOf, type NoteVerifier } from './note/verifier.ts';
export { directorySource } from './tiles/directory-source.ts';
export { decodeBundle, encodeBundle, MAX_ENTRY_BYTES } from './tiles/entry-bundle.ts';
export { entryBundlePath, tilePath, tileWidth } from './tiles/paths.ts';
export { readBundle, readTile } from './tiles/read-tile.ts';
export { TileError } from './tiles/tile-error.ts';
export { tileReader } from './tiles/tile-reader.ts';
export type { TileSource } from './tiles/tile-source.ts';
export { checkProof, type CheckedProof } from './proof/check-proof.ts';
export { ProofError, type ProofFault } from './proof/proof-error.ts';
export { formatProof, parseProof, type TlogProof } from './proof/tlog-proof.ts';
export type { Finding, FindingKind } from './verify/finding.ts';
export type { VerifyLogOptions, VerifyProgress } from './verify/options.ts';
export type { VerifyReport } from './verify/report.ts';
export { verifyLog } from './verify/verify-log.ts';
export { cosigner, witnessVkeyOf } from './witness/cosigner.ts';
export { openCheckpoint, type Cosigned, type OpenedCheckpoint } from './witness/open-checkpoint.ts';
export { parsePolicy } from './witness/parse-policy.ts';
export { WitnessPolicyError } from './witness/policy-error.ts';
export { quorumMet, type Quorum } from './witness/quorum.ts';
export {
  trustLog,
  type PolicyLog,
  type PolicyWitness,
  type WitnessPolicy,
} from './witness/witness-policy.ts';
export type { Fetch } from './remote/fetch-bounded.ts';
export { httpSource, type HttpSourceOptions } from './remote/http-source.ts';
export { RemoteError } from './remote/remote-error.ts';
export {
  createWitness,
  type CreateWitnessOptions,
  type Witness,
  type WitnessAnswer,
} from './witness/create-witness.ts';
export { WitnessError, type WitnessFault } from './witness/witness-error.ts';
export type {
  CheckpointWitnessed,
  QuorumMissed,
  WitnessEvent,
  WitnessFailed,
} from './witness/witness-events.ts';
export type { Submission } from './witness/witness-client.ts';
export {
  startWitnessing,
  type WitnessedLog,
  type Witnessing,
  type WitnessingOptions,
  type WitnessingStats,
} from './witness/witnessing.ts';
export { proveEntry, type ProvenEntry } from './proof/prove-entry.ts';
export type { RetentionPolicy } from './retention/retention-policy.ts';
export type { Pruned } from './retention/prune-tree.ts';
export type { Removed } from './retention/remove-below.ts';
