import { promised } from '../leases/promised.ts';
import type { SealedRow, SealedRowCounts, SealedRowKind, SealedRowName, SealedRows } from './sealed-row.ts';

const keyOf = ({ kind, tenant, id }: SealedRowName) => JSON.stringify([kind, tenant, id]);

class MemoryRows implements SealedRows {
  private readonly rows = new Map<string, SealedRow>();

  find(name: SealedRowName): Promise<SealedRow | undefined> {
    return promised(() => this.rows.get(keyOf(name)));
  }

  put(row: SealedRow): Promise<boolean> {
    return promised(() => {
      const key = keyOf(row);
      const fits = (this.rows.get(key)?.version ?? 0) === row.version - 1;
      if (fits) this.rows.set(key, row);
      return fits;
    });
  }

  take(name: SealedRowName): Promise<SealedRow | undefined> {
    return promised(() => {
      const row = this.rows.get(keyOf(name));
      this.rows.delete(keyOf(name));
      return row;
    });
  }

  due(kind: SealedRowKind, byMs: number, limit: number): Promise<readonly SealedRow[]> {
    return promised(() =>
      this.of(kind)
        .filter((row) => row.dueAtMs <= byMs)
        .sort((a, b) => a.dueAtMs - b.dueAtMs)
        .slice(0, limit),
    );
  }

  removeOver(kind: SealedRowKind, byMs: number): Promise<number> {
    return promised(() => {
      const over = this.of(kind).filter((row) => row.removeAtMs <= byMs);
      for (const row of over) this.rows.delete(keyOf(row));
      return over.length;
    });
  }

  count(kind: SealedRowKind, nowMs: number): Promise<SealedRowCounts> {
    return promised(() => {
      const rows = this.of(kind);
      const valid = rows.filter((row) => nowMs < row.expiresAtMs).length;
      return { valid, expired: rows.length - valid };
    });
  }

  private of(kind: SealedRowKind): SealedRow[] {
    return [...this.rows.values()].filter((row) => row.kind === kind);
  }
}

/**
 * Makes a store of encrypted rows that is gone with the process.
 *
 * @example
 * ```ts
 * import { generateSealingKey, generateSigningKey, keyRing, memoryRows, sealedTokens } from '@holdfast/credential-broker';
 *
 * const keys = keyRing({ signing: [generateSigningKey()], sealing: [generateSealingKey()] });
 * const store = sealedTokens({ rows: memoryRows(), keys });
 * ```
 */
export function memoryRows(): SealedRows {
  return new MemoryRows();
}
