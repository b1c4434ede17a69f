// The public API of @holdfast/audit, written by `npm run api`. A change here is a change for users.

declare module '@holdfast/audit' {
  interface AppendFile {
    write(bytes: Uint8Array, length: number): Promise<void>;
    sync(): Promise<void>;
    truncate(length: number): Promise<void>;
    close(): Promise<void>;
    identity(): Promise<FileIdentity>;
  }
  interface Appended {
    readonly tenant: string;
    readonly index: number;
    readonly leafHash: Uint8Array;
  }
  class AuditClosedError extends AuditError {
    readonly name = 'AuditClosedError';
    readonly code = 'ERR_AUDIT_CLOSED';
    constructor();
  }
  interface AuditContext {
    readonly tenant?: string | undefined;
    readonly actor?: AuditParty | undefined;
    readonly agent?: AuditParty | undefined;
    readonly onBehalfOf?: AuditParty | undefined;
    readonly where?: AuditOrigin | undefined;
    readonly session?: string | undefined;
    readonly requestId?: string | undefined;
    readonly traceId?: string | undefined;
  }
  class AuditCursorError extends AuditError {
    readonly name = 'AuditCursorError';
    readonly code = 'ERR_AUDIT_CURSOR';
    constructor();
  }
  interface AuditDamage {
    readonly tenant: string | undefined;
    readonly index: number | undefined;
    readonly file: string;
    readonly offset: number | undefined;
  }
  class AuditDamagedError extends AuditError implements AuditDamage {
    readonly name = 'AuditDamagedError';
    readonly code = 'ERR_AUDIT_DAMAGED';
    readonly tenant: string | undefined;
    readonly index: number | undefined;
    readonly file: string;
    readonly offset: number | undefined;
    constructor(what: string, damage: AuditDamage, options?: ErrorOptions);
  }
  interface AuditEngine extends EventSource<EngineEvent> {
    readonly dir: string;
    readonly origin: string;
    append(tenant: string, leaf: Uint8Array): Promise<Appended>;
    tenants(): readonly string[];
    size(tenant: string): number;
    originOf(tenant: string): string;
    folderOf(tenant: string): string;
    checkpoint(tenant: string): PublishedCheckpoint | undefined;
    source(tenant: string): TileSource;
    hashes(tenant: string, size: number): HashReader;
    entries(tenant: string, from: number, to?: number): AsyncIterable<StoredEntry>;
    follow(cursor: Cursor, signal: AbortSignal): AsyncIterable<readonly StoredEntry[]>;
    onDurable(listener: () => void): () => void;
    stats(): EngineStats;
    flush(): Promise<void>;
    close(): Promise<void>;
  }
  abstract class AuditError extends Error {
    abstract readonly code: string;
  }
  interface AuditEvent extends AuditContext {
    readonly action: string;
    readonly resource?: AuditResource | undefined;
    readonly outcome?: AuditOutcome | undefined;
    readonly reason?: string | undefined;
    readonly atMs?: number | undefined;
    readonly id?: string | undefined;
    readonly intent?: string | undefined;
    readonly subject?: string | undefined;
    readonly details?: Readonly<Record<string, unknown>> | undefined;
  }
  class AuditEventError extends AuditError {
    readonly name = 'AuditEventError';
    readonly code = 'ERR_AUDIT_EVENT';
    readonly field: string;
    constructor(field: string, problem: string, options?: ErrorOptions);
  }
  interface AuditFiles {
    makeFolder(path: string): Promise<void>;
    list(path: string): Promise<readonly string[]>;
    read(path: string): Promise<Uint8Array | undefined>;
    create(path: string): Promise<AppendFile>;
    rename(from: string, to: string): Promise<void>;
    replace(path: string, bytes: Uint8Array, draft: string): Promise<void>;
    sync(path: string): Promise<void>;
    remove(path: string): Promise<void>;
    identity(path: string): Promise<FileIdentity | undefined>;
  }
  class AuditLockedError extends AuditError {
    readonly name = 'AuditLockedError';
    readonly code = 'ERR_AUDIT_LOCKED';
    readonly dir: string;
    constructor(dir: string, options?: ErrorOptions);
  }
  interface AuditLog extends EventSource<AuditLogEvent>, AsyncDisposable {
    readonly engine: AuditEngine;
    append(event: AuditEvent): Promise<Appended>;
    note(event: AuditEvent): void;
    readonly guard: Guard;
    withContext<T>(context: AuditContext, fn: () => T): T;
    prove(tenant: string, index: number): Promise<ProvenEntry>;
    consistency(tenant: string, first: number, second: number): Promise<readonly Uint8Array[]>;
    query(query?: AuditQuery): Promise<AuditPage>;
    export(options: ExportOptions): AsyncIterable<string>;
    tail(options?: TailOptions): AsyncIterable<AuditRecord>;
    erase(erasure: Erasure): Promise<ErasureReport>;
    prune(request: PruneRequest): Promise<Pruned>;
    redact(secret: string): () => void;
    stats(): AuditStats;
    flush(): Promise<void>;
    close(): Promise<void>;
  }
  type AuditLogEvent = EngineEvent | WitnessEvent;
  type AuditMode = 'strict' | 'buffered' | 'best-effort';
  interface AuditOptions extends EngineOptions {
    readonly mode?: AuditMode | undefined;
    readonly personal?: PersonalOptions | undefined;
    readonly redaction?: RedactionOptions | undefined;
    readonly maxDetailsLength?: number | undefined;
    readonly oversized?: 'digest' | 'reject' | undefined;
    readonly maxIds?: number | undefined;
    readonly idWindowMs?: number | undefined;
    readonly index?: boolean | undefined;
    readonly lifecycle?: boolean | undefined;
    readonly auditReads?: boolean | undefined;
    readonly witness?: WitnessOptions | undefined;
    readonly newId?: (() => string) | undefined;
  }
  interface AuditOrigin {
    readonly ip?: string | undefined;
    readonly userAgent?: string | undefined;
    readonly service?: string | undefined;
    readonly host?: string | undefined;
  }
  type AuditOutcome = 'pending' | 'success' | 'failure' | 'denied';
  class AuditOverloadedError extends AuditError {
    readonly name = 'AuditOverloadedError';
    readonly code = 'ERR_AUDIT_OVERLOADED';
    readonly pending: number;
    constructor(pending: number);
  }
  interface AuditPage {
    readonly records: readonly AuditRecord[];
    readonly next: string | undefined;
  }
  interface AuditParty {
    readonly id: string;
    readonly type?: string | undefined;
    readonly name?: string | undefined;
  }
  interface AuditQuery {
    readonly tenant?: string | undefined;
    readonly actor?: string | undefined;
    readonly action?: string | undefined;
    readonly resource?:
      | {
          readonly type?: string | undefined;
          readonly id?: string | undefined;
        }
      | undefined;
    readonly outcome?: AuditOutcome | undefined;
    readonly fromMs?: number | undefined;
    readonly toMs?: number | undefined;
    readonly text?: string | undefined;
    readonly order?: 'newest-first' | 'oldest-first' | undefined;
    readonly limit?: number | undefined;
    readonly after?: string | undefined;
    readonly personal?: boolean | undefined;
  }
  interface AuditRecord {
    readonly tenant: string;
    readonly index: number;
    readonly event: LoggedEvent | undefined;
    readonly leaf: Uint8Array;
  }
  interface AuditResource {
    readonly type: string;
    readonly id?: string | undefined;
    readonly name?: string | undefined;
  }
  interface AuditStats extends EngineStats {
    readonly dropped: number;
    readonly duplicates: number;
    readonly indexLag: number;
    readonly indexFailure: unknown;
    readonly witness: WitnessingStats | undefined;
  }
  class AuditTimeoutError extends AuditError {
    readonly name = 'AuditTimeoutError';
    readonly code = 'ERR_AUDIT_TIMEOUT';
    readonly timeoutMs: number;
    constructor(timeoutMs: number);
  }
  class AuditWriteError extends AuditError {
    readonly name = 'AuditWriteError';
    readonly code = 'ERR_AUDIT_WRITE';
    constructor(cause: unknown);
  }
  interface CheckedProof extends OpenedCheckpoint {
    readonly index: number;
  }
  interface Checkpoint {
    readonly origin: string;
    readonly size: number;
    readonly root: Uint8Array;
    readonly extensions: readonly string[];
  }
  interface CheckpointPublished {
    readonly type: 'audit.checkpoint_published';
    readonly tenant: string;
    readonly size: number;
  }
  interface CheckpointWitnessed {
    readonly type: 'audit.checkpoint_witnessed';
    readonly origin: string;
    readonly size: number;
    readonly witnesses: readonly string[];
  }
  interface ConsistencyClaim {
    readonly first: number;
    readonly second: number;
    readonly firstRoot: Uint8Array;
    readonly secondRoot: Uint8Array;
    readonly proof: readonly Uint8Array[];
  }
  interface Cosigned {
    readonly name: string;
    readonly atMs: number;
  }
  interface CreateWitnessOptions {
    readonly name: string;
    readonly signer: Signer;
    readonly dir: string;
    readonly policy: WitnessPolicy;
    readonly files?: AuditFiles | undefined;
    readonly clock?: Clock | undefined;
  }
  type Cursor = ReadonlyMap<string, number>;
  type EngineEvent = WriteFailed | WriteRecovered | PublishFailed | RetireFailed | CheckpointPublished;
  interface EngineOptions {
    readonly dir: string;
    readonly origin: string;
    readonly signer: Signer;
    readonly maxPending?: number | undefined;
    readonly ackTimeoutMs?: number | undefined;
    readonly checkpointEveryMs?: number | undefined;
    readonly segmentBytes?: number | undefined;
    readonly files?: AuditFiles | undefined;
    readonly clock?: Clock | undefined;
    readonly onListenerError?: ListenerErrorHandler | undefined;
  }
  type EngineState = 'open' | 'failed' | 'broken' | 'closed';
  interface EngineStats {
    readonly state: EngineState;
    readonly failure: unknown;
    readonly pending: number;
    readonly appended: number;
    readonly failed: number;
    readonly commits: number;
    readonly lastCommitMs: number;
    readonly totalCommitMs: number;
    readonly unpublished: number;
    readonly walBytes: number;
    readonly tenants: number;
  }
  interface Erasure {
    readonly subject: string;
    readonly tenant?: string | undefined;
    readonly actor?: AuditParty | undefined;
    readonly reason?: string | undefined;
  }
  interface ErasureReport {
    readonly events: number;
    readonly entry: Appended;
  }
  interface EventExtras extends Omit<AuditEvent, 'action' | 'resource'> {
    readonly resource?: Partial<AuditResource> | undefined;
  }
  interface ExportOptions {
    readonly format: 'jsonl' | 'csv' | 'ocsf';
    readonly tenant?: string | undefined;
    readonly from?: number | undefined;
    readonly to?: number | undefined;
    readonly fromMs?: number | undefined;
    readonly toMs?: number | undefined;
  }
  type Fetch = (url: string, init: RequestInit) => Promise<Response>;
  interface FileIdentity {
    readonly device: number;
    readonly inode: number;
    readonly size: number;
  }
  interface Finding {
    readonly kind: FindingKind;
    readonly message: string;
    readonly file?: string;
    readonly index?: number;
    readonly entries?: number;
  }
  type FindingKind =
    | 'entry-changed'
    | 'entry-dropped'
    | 'entry-inserted'
    | 'entries-swapped'
    | 'tile-changed'
    | 'file-missing'
    | 'pruned-undeclared'
    | 'root-mismatch'
    | 'checkpoint-invalid'
    | 'wrong-log'
    | 'rolled-back'
    | 'forked'
    | 'kept-too-old'
    | 'not-witnessed';
  type Guard = <T>(
    event: AuditEvent,
    action: () => T | PromiseLike<T>,
    options?: GuardOptions<T>,
  ) => Promise<T>;
  interface GuardOptions<T> {
    readonly describe?: ((value: T) => Readonly<Record<string, unknown>>) | undefined;
    readonly isDenied?: ((error: unknown) => boolean) | undefined;
  }
  interface HashReader {
    hash(level: number, index: number): Uint8Array | Promise<Uint8Array>;
  }
  interface HttpSourceOptions {
    readonly timeoutMs?: number | undefined;
    readonly maxAttempts?: number | undefined;
    readonly fetch?: Fetch | undefined;
    readonly clock?: Clock | undefined;
    readonly random?: (() => number) | undefined;
  }
  interface InclusionClaim {
    readonly index: number;
    readonly size: number;
    readonly leafHash: Uint8Array;
    readonly root: Uint8Array;
    readonly proof: readonly Uint8Array[];
  }
  interface KeyPairText {
    readonly privateKey: string;
    readonly verifierKey: string;
  }
  interface LoggedEvent extends Omit<AuditEvent, 'atMs' | 'subject'> {
    readonly time: string;
    readonly v: 1;
    readonly detailsDigest?: {
      readonly bytes: number;
      readonly sha256: string;
    };
    readonly personal?: {
      readonly fields: readonly string[];
      readonly ref: number;
    };
  }
  const MAX_ENTRY_BYTES = 65535;
  interface NamedSigner {
    readonly name: string;
    readonly signer: Signer;
  }
  class NoteError extends AuditError {
    readonly name = 'NoteError';
    readonly code = 'ERR_AUDIT_NOTE';
    readonly fault: NoteFault;
    constructor(fault: NoteFault, message: string);
  }
  type NoteFault = 'malformed' | 'unsigned' | 'bad-signature';
  interface NoteSignature {
    readonly name: string;
    readonly keyId: number;
    readonly signature: Uint8Array;
  }
  interface NoteSigner {
    readonly name: string;
    readonly keyId: number;
    sign(text: Uint8Array): Uint8Array | Promise<Uint8Array>;
  }
  interface NoteVerifier {
    readonly name: string;
    readonly keyId: number;
    readonly cosigner: boolean;
    verify(text: Uint8Array, signature: Uint8Array): boolean;
    signedAtMs(signature: Uint8Array): number | undefined;
  }
  interface OpenedCheckpoint extends Checkpoint {
    readonly cosigned: readonly Cosigned[];
    readonly witnessed: boolean;
  }
  interface OpenedNote extends ParsedNote {
    readonly verified: readonly (NoteSignature & {
      readonly verifier: NoteVerifier;
    })[];
  }
  interface ParsedNote {
    readonly text: string;
    readonly signatures: readonly NoteSignature[];
  }
  interface PersonalOptions {
    readonly fields: readonly string[];
  }
  interface PolicyLog {
    readonly vkey: string;
    readonly verifier: NoteVerifier;
    readonly url: string | undefined;
  }
  interface PolicyWitness {
    readonly name: string;
    readonly vkey: string;
    readonly verifier: NoteVerifier;
    readonly url: string | undefined;
  }
  class ProofError extends AuditError {
    readonly name = 'ProofError';
    readonly code = 'ERR_AUDIT_PROOF';
    readonly fault: ProofFault;
    constructor(fault: ProofFault, message: string);
  }
  type ProofFault = 'malformed' | 'not-in-log' | 'not-witnessed';
  interface ProvenEntry {
    readonly entry: Uint8Array | undefined;
    readonly proof: string;
  }
  interface PruneRequest {
    readonly tenant: string;
    readonly policy: RetentionPolicy;
    readonly before?: number | undefined;
  }
  interface Pruned extends Removed {
    readonly tenant: string;
    readonly minimumIndex: number;
  }
  interface PublishFailed {
    readonly type: 'audit.publish_failed';
    readonly tenant: string;
    readonly error: unknown;
  }
  interface PublishedCheckpoint extends Checkpoint {
    readonly note: string;
  }
  type Quorum =
    | {
        readonly kind: 'none';
      }
    | {
        readonly kind: 'witness';
        readonly name: string;
      }
    | {
        readonly kind: 'group';
        readonly name: string;
        readonly threshold: number;
        readonly members: readonly Quorum[];
      };
  interface QuorumMissed {
    readonly type: 'audit.quorum_missed';
    readonly origin: string;
    readonly size: number;
    readonly witnesses: readonly string[];
  }
  interface RedactionOptions {
    readonly fields?: readonly string[] | undefined;
    readonly patterns?: readonly RegExp[] | undefined;
    readonly secrets?: readonly string[] | undefined;
  }
  interface Redactor extends Scribe {
    register(secret: string): () => void;
  }
  class RemoteError extends AuditError {
    readonly name = 'RemoteError';
    readonly code = 'ERR_AUDIT_REMOTE';
    readonly status: number;
    constructor(message: string, status?: number);
  }
  interface Removed {
    readonly bundles: number;
    readonly tiles: number;
  }
  interface RetentionPolicy {
    readonly name: string;
    readonly keepMs: number;
    readonly hashes?: 'keep' | 'drop' | undefined;
  }
  interface RetireFailed {
    readonly type: 'audit.retire_failed';
    readonly error: unknown;
  }
  interface Signer {
    readonly publicKey: Uint8Array;
    sign(message: Uint8Array): Uint8Array | Promise<Uint8Array>;
  }
  interface StoredEntry {
    readonly tenant: string;
    readonly index: number;
    readonly leaf: Uint8Array;
  }
  interface Submission {
    readonly origin: string;
    readonly size: number;
    readonly note: string;
    consistency(from: number): Promise<readonly Uint8Array[]>;
  }
  interface TailOptions {
    readonly tenant?: string | undefined;
    readonly from?: number | undefined;
    readonly signal?: AbortSignal | undefined;
  }
  class TileError extends AuditError {
    readonly name = 'TileError';
    readonly code = 'ERR_AUDIT_TILE';
    readonly file: string;
    readonly missing: boolean;
    constructor(file: string, missing: boolean);
  }
  interface TileSource {
    read(path: string): Promise<Uint8Array | undefined>;
  }
  interface TlogProof {
    readonly index: number;
    readonly hashes: readonly Uint8Array[];
    readonly checkpoint: string;
    readonly extra?: Uint8Array | undefined;
  }
  interface VerifyLogOptions {
    readonly source: TileSource;
    readonly policy: WitnessPolicy;
    readonly origin?: string | undefined;
    readonly kept?: readonly string[] | undefined;
    readonly maxFindings?: number | undefined;
    readonly readAhead?: number | undefined;
    readonly onProgress?: ((progress: VerifyProgress) => void) | undefined;
    readonly signal?: AbortSignal | undefined;
  }
  interface VerifyProgress {
    readonly entries: number;
    readonly size: number;
  }
  interface VerifyReport {
    readonly ok: boolean;
    readonly origin: string;
    readonly size: number;
    readonly root: string;
    readonly entriesRead: number;
    readonly minimumIndex: number;
    readonly witnessedSize: number;
    readonly cosigned: readonly Cosigned[];
    readonly findings: readonly Finding[];
    readonly truncated: boolean;
  }
  interface Witness {
    addCheckpoint(body: string): Promise<WitnessAnswer>;
    readonly handle: (request: IncomingMessage, response: ServerResponse) => void;
  }
  interface WitnessAnswer {
    readonly status: number;
    readonly type: string;
    readonly body: string;
  }
  class WitnessError extends AuditError {
    readonly name = 'WitnessError';
    readonly code = 'ERR_AUDIT_WITNESS';
    readonly witness: string;
    readonly fault: WitnessFault;
    constructor(witness: string, fault: WitnessFault);
  }
  type WitnessEvent = CheckpointWitnessed | WitnessFailed | QuorumMissed;
  interface WitnessFailed {
    readonly type: 'audit.witness_failed';
    readonly origin: string;
    readonly witness: string | undefined;
    readonly error: unknown;
  }
  type WitnessFault = 'unknown-log' | 'bad-signature' | 'bad-proof' | 'forked' | 'rolled-back' | 'bad-answer';
  interface WitnessOptions {
    readonly policy: WitnessPolicy;
    readonly everyMs?: number | undefined;
    readonly timeoutMs?: number | undefined;
  }
  interface WitnessPolicy {
    readonly logs: readonly PolicyLog[];
    readonly witnesses: readonly PolicyWitness[];
    readonly quorum: Quorum;
  }
  class WitnessPolicyError extends AuditError {
    readonly name = 'WitnessPolicyError';
    readonly code = 'ERR_AUDIT_POLICY';
    readonly line: number;
    constructor(line: number, what: string, options?: ErrorOptions);
  }
  interface WitnessedLog {
    head(): Submission | undefined;
    publish(note: string): Promise<void>;
  }
  interface Witnessing extends EventSource<WitnessEvent> {
    round(): Promise<void>;
    stats(): WitnessingStats;
    close(): Promise<void>;
  }
  interface WitnessingOptions {
    readonly policy: WitnessPolicy;
    readonly logs: () => Iterable<WitnessedLog>;
    readonly everyMs?: number | undefined;
    readonly timeoutMs?: number | undefined;
    readonly fetch?: Fetch | undefined;
    readonly clock?: Clock | undefined;
    readonly random?: (() => number) | undefined;
    readonly onListenerError?: ListenerErrorHandler | undefined;
  }
  interface WitnessingStats {
    readonly published: number;
    readonly missed: number;
    readonly lastPublishedAtMs: number | undefined;
    readonly behindMs: number;
  }
  interface WriteFailed {
    readonly type: 'audit.write_failed';
    readonly entries: number;
    readonly broken: boolean;
    readonly error: unknown;
  }
  interface WriteRecovered {
    readonly type: 'audit.write_recovered';
  }
  const auditEvents: {
    readonly sessionCreated: (id: string, extras?: EventExtras) => AuditEvent;
    readonly sessionAccessed: (id: string, extras?: EventExtras) => AuditEvent;
    readonly sessionTerminated: (id: string, extras?: EventExtras) => AuditEvent;
    readonly mcpConnected: (id: string, extras?: EventExtras) => AuditEvent;
    readonly mcpDisconnected: (id: string, extras?: EventExtras) => AuditEvent;
    readonly mcpToolCalled: (id: string, extras?: EventExtras) => AuditEvent;
    readonly promptCreated: (id: string, extras?: EventExtras) => AuditEvent;
    readonly promptModified: (id: string, extras?: EventExtras) => AuditEvent;
    readonly authenticationAttempted: (id: string, extras?: EventExtras) => AuditEvent;
    readonly authorizationRefused: (id: string, extras?: EventExtras) => AuditEvent;
    readonly credentialIssued: (id: string, extras?: EventExtras) => AuditEvent;
    readonly credentialRedeemed: (id: string, extras?: EventExtras) => AuditEvent;
    readonly credentialRevoked: (id: string, extras?: EventExtras) => AuditEvent;
    readonly apiRequested: (id: string, extras?: EventExtras) => AuditEvent;
    readonly configurationChanged: (id: string, extras?: EventExtras) => AuditEvent;
  };
  function checkProof(proof: string, entry: Uint8Array, policy: WitnessPolicy): CheckedProof;
  function consistencyProof(
    reader: HashReader,
    first: number,
    second: number,
  ): Promise<readonly Uint8Array[]>;
  function cosigner(name: string, signer: Signer, clock?: Clock): NoteSigner;
  function createRedactor(options?: RedactionOptions): Redactor;
  function createSigner(privateKey: KeyObject | string): Signer;
  function createWitness(options: CreateWitnessOptions): Witness;
  function currentAuditContext(): AuditContext | undefined;
  function decodeBundle(bundle: Uint8Array): Uint8Array[];
  function directorySource(dir: string): TileSource;
  const diskFiles: AuditFiles;
  function emptyRoot(): Buffer;
  function encodeBundle(entries: readonly Uint8Array[]): Buffer;
  function entryBundlePath(index: number, width?: number): string;
  function formatCheckpoint(checkpoint: Omit<Checkpoint, 'extensions'>): string;
  function formatProof(proof: TlogProof): string;
  function generateKeyPair(name: string): KeyPairText;
  function generateSigner(): Signer;
  function httpSource(prefix: string, options?: HttpSourceOptions): TileSource;
  function inclusionProof(reader: HashReader, index: number, size: number): Promise<readonly Uint8Array[]>;
  function isAuditEventError(value: unknown): value is AuditEventError;
  function leafHash(leaf: Uint8Array): Buffer;
  function loggedEventIn(leaf: Uint8Array): LoggedEvent | undefined;
  function nodeHash(left: Uint8Array, right: Uint8Array): Buffer;
  function noteSigner(name: string, signer: Signer): NoteSigner;
  function openAudit(options: AuditOptions): Promise<AuditLog>;
  function openCheckpoint(note: string, policy: WitnessPolicy): OpenedCheckpoint;
  function openEngine(options: EngineOptions): Promise<AuditEngine>;
  function openNote(note: string, verifiers: readonly NoteVerifier[]): OpenedNote;
  function parseCheckpoint(text: string): Checkpoint;
  function parseNote(note: string): ParsedNote;
  function parsePolicy(policy: string | Uint8Array): WitnessPolicy;
  function parseProof(text: string): TlogProof;
  function proveEntry(source: TileSource, index: number): Promise<ProvenEntry>;
  function quorumMet(quorum: Quorum, cosigned: ReadonlySet<string>): boolean;
  function readBundle(source: TileSource, index: number, size: number): Promise<readonly Uint8Array[]>;
  function readTile(source: TileSource, level: number, index: number, size: number): Promise<Uint8Array>;
  function rootFromInclusion(claim: Omit<InclusionClaim, 'root'>): Uint8Array | undefined;
  function rootOf(reader: HashReader, size: number): Promise<Uint8Array>;
  function signNote(text: string, signers: readonly NoteSigner[]): Promise<string>;
  function signerFrom(privateKey: string): NamedSigner;
  function startWitnessing(options: WitnessingOptions): Witnessing;
  function tilePath(level: number, index: number, width?: number): string;
  function tileReader(source: TileSource, size: number): HashReader;
  function tileWidth(level: number, index: number, size: number): number;
  function trustLog(vkey: string): WitnessPolicy;
  function verifierFrom(vkey: string): NoteVerifier;
  function verifyConsistency(claim: ConsistencyClaim): boolean;
  function verifyInclusion(claim: InclusionClaim): boolean;
  function verifyLog(options: VerifyLogOptions): Promise<VerifyReport>;
  function vkeyOf(name: string, signer: Pick<Signer, 'publicKey'>): string;
  function withContext<T>(context: AuditContext, fn: () => T): T;
  function witnessVkeyOf(name: string, signer: Pick<Signer, 'publicKey'>): string;
  // Not exported, but part of the types above.
  interface Scribe {
    hides(field: string): boolean;
    isPlain(text: string): boolean;
    clean(text: string): string;
    json(text: string): string | undefined;
  }
  export {
    AppendFile,
    Appended,
    AuditClosedError,
    AuditContext,
    AuditCursorError,
    AuditDamage,
    AuditDamagedError,
    AuditEngine,
    AuditError,
    AuditEvent,
    AuditEventError,
    AuditFiles,
    AuditLockedError,
    AuditLog,
    AuditLogEvent,
    AuditMode,
    AuditOptions,
    AuditOrigin,
    AuditOutcome,
    AuditOverloadedError,
    AuditPage,
    AuditParty,
    AuditQuery,
    AuditRecord,
    AuditResource,
    AuditStats,
    AuditTimeoutError,
    AuditWriteError,
    CheckedProof,
    Checkpoint,
    CheckpointPublished,
    CheckpointWitnessed,
    ConsistencyClaim,
    Cosigned,
    CreateWitnessOptions,
    Cursor,
    EngineEvent,
    EngineOptions,
    EngineState,
    EngineStats,
    Erasure,
    ErasureReport,
    EventExtras,
    ExportOptions,
    Fetch,
    FileIdentity,
    Finding,
    FindingKind,
    Guard,
    GuardOptions,
    HashReader,
    HttpSourceOptions,
    InclusionClaim,
    KeyPairText,
    LoggedEvent,
    MAX_ENTRY_BYTES,
    NamedSigner,
    NoteError,
    NoteFault,
    NoteSignature,
    NoteSigner,
    NoteVerifier,
    OpenedCheckpoint,
    OpenedNote,
    ParsedNote,
    PersonalOptions,
    PolicyLog,
    PolicyWitness,
    ProofError,
    ProofFault,
    ProvenEntry,
    PruneRequest,
    Pruned,
    PublishFailed,
    PublishedCheckpoint,
    Quorum,
    QuorumMissed,
    RedactionOptions,
    Redactor,
    RemoteError,
    Removed,
    RetentionPolicy,
    RetireFailed,
    Signer,
    StoredEntry,
    Submission,
    TailOptions,
    TileError,
    TileSource,
    TlogProof,
    VerifyLogOptions,
    VerifyProgress,
    VerifyReport,
    Witness,
    WitnessAnswer,
    WitnessError,
    WitnessEvent,
    WitnessFailed,
    WitnessFault,
    WitnessOptions,
    WitnessPolicy,
    WitnessPolicyError,
    WitnessedLog,
    Witnessing,
    WitnessingOptions,
    WitnessingStats,
    WriteFailed,
    WriteRecovered,
    auditEvents,
    checkProof,
    consistencyProof,
    cosigner,
    createRedactor,
    createSigner,
    createWitness,
    currentAuditContext,
    decodeBundle,
    directorySource,
    diskFiles,
    emptyRoot,
    encodeBundle,
    entryBundlePath,
    formatCheckpoint,
    formatProof,
    generateKeyPair,
    generateSigner,
    httpSource,
    inclusionProof,
    isAuditEventError,
    leafHash,
    loggedEventIn,
    nodeHash,
    noteSigner,
    openAudit,
    openCheckpoint,
    openEngine,
    openNote,
    parseCheckpoint,
    parseNote,
    parsePolicy,
    parseProof,
    proveEntry,
    quorumMet,
    readBundle,
    readTile,
    rootFromInclusion,
    rootOf,
    signNote,
    signerFrom,
    startWitnessing,
    tilePath,
    tileReader,
    tileWidth,
    trustLog,
    verifierFrom,
    verifyConsistency,
    verifyInclusion,
    verifyLog,
    vkeyOf,
    withContext,
    witnessVkeyOf,
  };
}

declare module '@holdfast/audit/sinks' {
  interface AuditSink {
    readonly name: string;
    write(batch: SinkBatch, signal: AbortSignal): Promise<void>;
    close?(): Promise<void>;
  }
  class AuditSinkError extends AuditError {
    readonly name = 'AuditSinkError';
    readonly code = 'ERR_AUDIT_SINK';
    readonly status: number | undefined;
    readonly headers: Headers | undefined;
    constructor(
      sink: string,
      answer?: {
        readonly status: number;
        readonly headers: Headers;
      },
    );
  }
  type Fetch = (url: string, init: RequestInit) => Promise<Response>;
  interface ObjectStore {
    put(object: StoredObject, signal: AbortSignal): Promise<void>;
  }
  interface OtlpSinkOptions {
    readonly url: string;
    readonly serviceName?: string | undefined;
    readonly name?: string | undefined;
    readonly headers?: Readonly<Record<string, string>> | undefined;
    readonly fetch?: Fetch | undefined;
  }
  interface PostgresClient {
    query(sql: string, values: readonly unknown[]): Promise<unknown>;
  }
  interface PostgresNames {
    readonly schema?: string | undefined;
    readonly writer?: string | undefined;
    readonly reader?: string | undefined;
  }
  interface PostgresSinkOptions {
    readonly client: PostgresClient;
    readonly schema?: string | undefined;
    readonly name?: string | undefined;
  }
  interface RunningSink {
    stats(): SinkStats;
    caughtUp(): Promise<void>;
    close(): Promise<void>;
  }
  interface S3Object {
    readonly Bucket: string;
    readonly Key: string;
    readonly Body: Uint8Array;
    readonly ContentType: string;
    readonly CacheControl: string;
  }
  interface S3ObjectStoreOptions {
    readonly client: S3Sender;
    readonly PutObjectCommand: new (object: S3Object) => object;
    readonly bucket: string;
    readonly prefix?: string | undefined;
    readonly put?: Readonly<Record<string, unknown>> | undefined;
  }
  interface S3Sender {
    send(
      command: object,
      options: {
        readonly abortSignal: AbortSignal;
      },
    ): Promise<unknown>;
  }
  interface SinkBatch {
    readonly tenant: string;
    readonly origin: string;
    readonly entries: readonly StoredEntry[];
  }
  interface SinkOptions {
    readonly timeoutMs?: number | undefined;
    readonly baseDelayMs?: number | undefined;
    readonly maxDelayMs?: number | undefined;
    readonly failures?: number | undefined;
    readonly openMs?: number | undefined;
    readonly onError?: ListenerErrorHandler | undefined;
    readonly files?: AuditFiles | undefined;
    readonly clock?: Clock | undefined;
    readonly random?: (() => number) | undefined;
  }
  type SinkSource = Pick<AuditEngine, 'dir' | 'tenants' | 'size' | 'entries' | 'follow' | 'originOf'>;
  interface SinkStats {
    readonly name: string;
    readonly lag: number;
    readonly delivered: number;
    readonly failures: number;
    readonly circuit: CircuitState;
    readonly error: unknown;
    readonly running: boolean;
  }
  interface StoredObject {
    readonly key: string;
    readonly body: Uint8Array;
    readonly contentType: string;
    readonly cacheControl: string;
  }
  interface TextStream {
    write(text: string, done: (error?: Error | null) => void): unknown;
  }
  type TileOwner = Pick<AuditEngine, 'checkpoint' | 'source' | 'on'>;
  interface TileSinkOptions {
    readonly store: ObjectStore;
    readonly name?: string | undefined;
  }
  interface WebhookCheck {
    readonly secret: string;
    readonly body: string;
    readonly signature: string | null | undefined;
    readonly nowMs: number;
    readonly toleranceMs?: number | undefined;
  }
  interface WebhookSinkOptions {
    readonly url: string;
    readonly secret: string;
    readonly name?: string | undefined;
    readonly headers?: Readonly<Record<string, string>> | undefined;
    readonly fetch?: Fetch | undefined;
    readonly clock?: Clock | undefined;
  }
  function otlpSink(options: OtlpSinkOptions): AuditSink;
  function postgresSchema(names?: PostgresNames): string;
  function postgresSink(options: PostgresSinkOptions): AuditSink;
  function runSink(source: SinkSource, sink: AuditSink, options?: SinkOptions): Promise<RunningSink>;
  function s3ObjectStore(options: S3ObjectStoreOptions): ObjectStore;
  const sinkDefaults: {
    readonly timeoutMs: 10000;
    readonly baseDelayMs: 200;
    readonly maxDelayMs: 30000;
    readonly failures: 5;
    readonly openMs: 30000;
    readonly onError: ListenerErrorHandler;
    readonly files: AuditFiles;
    readonly clock: Clock;
    readonly random: () => number;
  };
  function stdoutSink(stream?: TextStream): AuditSink;
  function tileSink(engine: TileOwner, options: TileSinkOptions): AuditSink;
  function verifyWebhook({ secret, body, signature, nowMs, toleranceMs }: WebhookCheck): boolean;
  function webhookSink(options: WebhookSinkOptions): AuditSink;
  // Not exported, but part of the types above.
  interface AppendFile {
    write(bytes: Uint8Array, length: number): Promise<void>;
    sync(): Promise<void>;
    truncate(length: number): Promise<void>;
    close(): Promise<void>;
    identity(): Promise<FileIdentity>;
  }
  interface Appended {
    readonly tenant: string;
    readonly index: number;
    readonly leafHash: Uint8Array;
  }
  interface AuditEngine extends EventSource<EngineEvent> {
    readonly dir: string;
    readonly origin: string;
    append(tenant: string, leaf: Uint8Array): Promise<Appended>;
    tenants(): readonly string[];
    size(tenant: string): number;
    originOf(tenant: string): string;
    folderOf(tenant: string): string;
    checkpoint(tenant: string): PublishedCheckpoint | undefined;
    source(tenant: string): TileSource;
    hashes(tenant: string, size: number): HashReader;
    entries(tenant: string, from: number, to?: number): AsyncIterable<StoredEntry>;
    follow(cursor: Cursor, signal: AbortSignal): AsyncIterable<readonly StoredEntry[]>;
    onDurable(listener: () => void): () => void;
    stats(): EngineStats;
    flush(): Promise<void>;
    close(): Promise<void>;
  }
  abstract class AuditError extends Error {
    abstract readonly code: string;
  }
  interface AuditFiles {
    makeFolder(path: string): Promise<void>;
    list(path: string): Promise<readonly string[]>;
    read(path: string): Promise<Uint8Array | undefined>;
    create(path: string): Promise<AppendFile>;
    rename(from: string, to: string): Promise<void>;
    replace(path: string, bytes: Uint8Array, draft: string): Promise<void>;
    sync(path: string): Promise<void>;
    remove(path: string): Promise<void>;
    identity(path: string): Promise<FileIdentity | undefined>;
  }
  interface Checkpoint {
    readonly origin: string;
    readonly size: number;
    readonly root: Uint8Array;
    readonly extensions: readonly string[];
  }
  interface CheckpointPublished {
    readonly type: 'audit.checkpoint_published';
    readonly tenant: string;
    readonly size: number;
  }
  type Cursor = ReadonlyMap<string, number>;
  type EngineEvent = WriteFailed | WriteRecovered | PublishFailed | RetireFailed | CheckpointPublished;
  type EngineState = 'open' | 'failed' | 'broken' | 'closed';
  interface EngineStats {
    readonly state: EngineState;
    readonly failure: unknown;
    readonly pending: number;
    readonly appended: number;
    readonly failed: number;
    readonly commits: number;
    readonly lastCommitMs: number;
    readonly totalCommitMs: number;
    readonly unpublished: number;
    readonly walBytes: number;
    readonly tenants: number;
  }
  interface FileIdentity {
    readonly device: number;
    readonly inode: number;
    readonly size: number;
  }
  interface HashReader {
    hash(level: number, index: number): Uint8Array | Promise<Uint8Array>;
  }
  interface PublishFailed {
    readonly type: 'audit.publish_failed';
    readonly tenant: string;
    readonly error: unknown;
  }
  interface PublishedCheckpoint extends Checkpoint {
    readonly note: string;
  }
  interface RetireFailed {
    readonly type: 'audit.retire_failed';
    readonly error: unknown;
  }
  interface StoredEntry {
    readonly tenant: string;
    readonly index: number;
    readonly leaf: Uint8Array;
  }
  interface TileSource {
    read(path: string): Promise<Uint8Array | undefined>;
  }
  interface WriteFailed {
    readonly type: 'audit.write_failed';
    readonly entries: number;
    readonly broken: boolean;
    readonly error: unknown;
  }
  interface WriteRecovered {
    readonly type: 'audit.write_recovered';
  }
  export {
    AuditSink,
    AuditSinkError,
    Fetch,
    ObjectStore,
    OtlpSinkOptions,
    PostgresClient,
    PostgresNames,
    PostgresSinkOptions,
    RunningSink,
    S3Object,
    S3ObjectStoreOptions,
    S3Sender,
    SinkBatch,
    SinkOptions,
    SinkSource,
    SinkStats,
    StoredObject,
    TextStream,
    TileOwner,
    TileSinkOptions,
    WebhookCheck,
    WebhookSinkOptions,
    otlpSink,
    postgresSchema,
    postgresSink,
    runSink,
    s3ObjectStore,
    sinkDefaults,
    stdoutSink,
    tileSink,
    verifyWebhook,
    webhookSink,
  };
}

declare module '@holdfast/audit/worker' {
  export {};
}
