import { TILE_WIDTH } from '../merkle/geometry.ts';
import { HASH_BYTES } from '../merkle/hash.ts';
import type { FindingList } from './finding-list.ts';
import type { TreeCheck } from './tree-check.ts';
import type { TrustedHead } from './trusted-head.ts';

/** Earlier checkpoints, each compared with the root of the log at its size as a walk comes by. */
export class KeptHeads {
  private readonly pending: TrustedHead[];
  private readonly findings: FindingList;

  constructor(kept: readonly TrustedHead[], head: TrustedHead, findings: FindingList) {
    this.findings = findings;
    for (const each of kept) {
      if (each.size > head.size) this.rolledBack(each, head);
      else if (each.size === head.size) this.compare(each, Buffer.from(head.root));
    }
    this.pending = kept.filter(({ size }) => size < head.size).sort((a, b) => a.size - b.size);
  }

  /**
   * Compares those whose trees end within the next tile.
   *
   * @param hashes - of that tile; nothing where they were pruned
   */
  passing(first: number, hashes: Uint8Array | undefined, tree: TreeCheck): void {
    for (let next = this.pending[0]; next && next.size < first + TILE_WIDTH; next = this.pending[0]) {
      this.pending.shift();
      const count = next.size - first;
      if (count === 0) this.compare(next, tree.rootWith(new Uint8Array()));
      else if (hashes !== undefined)
        this.compare(next, tree.rootWith(hashes.subarray(0, count * HASH_BYTES)));
      else this.tooOld(next);
    }
  }

  private compare({ size, root }: TrustedHead, found: Buffer): void {
    if (found.equals(root)) return;
    this.findings.add({
      kind: 'forked',
      message: `the first ${size} entries are not those of a checkpoint that was signed earlier`,
      index: 0,
      entries: size,
    });
  }

  private rolledBack(kept: TrustedHead, head: TrustedHead): void {
    this.findings.add({
      kind: 'rolled-back',
      message: `the log ends after ${head.size} entries; a checkpoint that was signed earlier covers ${kept.size}`,
      index: head.size,
      entries: kept.size - head.size,
    });
  }

  private tooOld({ size }: TrustedHead): void {
    this.findings.add({
      kind: 'kept-too-old',
      message: `a checkpoint of ${size} entries is older than what pruning left; keep younger ones`,
    });
  }
}
