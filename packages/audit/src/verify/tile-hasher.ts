import { TILE_WIDTH } from '../merkle/geometry.ts';
import { emptyRoot, HASH_BYTES, sha256Into } from '../merkle/hash.ts';

const LENGTH_BYTES = 2;
const NODE_PREFIX = 0x01;
const NODE_BYTES = 1 + 2 * HASH_BYTES;

// An honest bundle has at most 256 entries; a few more are enough to tell that another one does not.
const MAX_HASHES = 2 * TILE_WIDTH;

/** Hashes whole bundles and tiles in place, through one scratch buffer each. */
export class TileHasher {
  private readonly scratch = Buffer.allocUnsafeSlow(MAX_HASHES * HASH_BYTES);
  private readonly nodes = Buffer.allocUnsafeSlow(1 + MAX_HASHES * HASH_BYTES);

  /**
   * Hashes the entries of a bundle where they lie: the last byte of an entry's length becomes, for a moment, the zero
   * that RFC 6962 puts before a leaf, so that nothing is copied.
   *
   * @param bundle - the same again when the method returns
   * @returns the hashes side by side; zeros stand for an entry within which the bundle ends
   */
  hashBundle(bundle: Uint8Array): Buffer {
    let count = 0;
    let at = 0;
    while (at < bundle.length && count < MAX_HASHES) {
      const low = bundle[at + 1];
      const end = at + LENGTH_BYTES + (bundle[at] ?? 0) * 256 + (low ?? 0);
      if (low === undefined || end > bundle.length) {
        this.scratch.fill(0, count * HASH_BYTES, ++count * HASH_BYTES);
        break;
      }
      bundle[at + 1] = 0;
      sha256Into(bundle.subarray(at + 1, end), this.scratch, count * HASH_BYTES);
      bundle[at + 1] = low;
      count++;
      at = end;
    }
    return Buffer.from(this.scratch.subarray(0, count * HASH_BYTES));
  }

  /**
   * The hash above hashes side by side. Neighbours are paired level by level and one without a neighbour moves up as it
   * is, which gives the tree of RFC 6962, section 2.1. The byte before a pair, which was hashed by then, makes room for
   * the prefix of a node.
   */
  rootOfHashes(hashes: Uint8Array): Buffer {
    const { nodes } = this;
    nodes.set(hashes, 1);
    let count = hashes.length / HASH_BYTES;
    while (count > 1) {
      const pairs = Math.floor(count / 2);
      for (let pair = 0; pair < pairs; pair++) {
        const at = 2 * pair * HASH_BYTES;
        nodes[at] = NODE_PREFIX;
        sha256Into(nodes.subarray(at, at + NODE_BYTES), nodes, 1 + pair * HASH_BYTES);
      }
      const rest = 1 + 2 * pairs * HASH_BYTES;
      if (count % 2 === 1) nodes.copyWithin(1 + pairs * HASH_BYTES, rest, rest + HASH_BYTES);
      count = pairs + (count % 2);
    }
    return Buffer.from(nodes.subarray(1, 1 + HASH_BYTES));
  }

  /**
   * The root of a tree from the partial tiles at its right edge.
   *
   * @param edge - the hashes of each level beyond its full tiles, level 0 first
   */
  rootOfEdge(edge: readonly Uint8Array[]): Buffer {
    let root: Buffer | undefined;
    for (const hashes of edge) {
      if (hashes.length === 0) continue;
      root = this.rootOfHashes(root === undefined ? hashes : Buffer.concat([hashes, root]));
    }
    return root ?? emptyRoot();
  }
}
