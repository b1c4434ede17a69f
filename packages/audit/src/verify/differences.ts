import { HASH_BYTES } from '../merkle/hash.ts';

/** What happened to a row of hashes at a place. */
export interface Difference {
  readonly kind: 'entry-changed' | 'entry-dropped' | 'entry-inserted' | 'entries-swapped';
  /** The place in the expected row; for an insertion the one before which the new hashes stand. */
  readonly at: number;
  /** How many places are concerned. */
  readonly count: number;
}

type Row = readonly string[];

function rowOf(hashes: Uint8Array): Row {
  const text = Buffer.from(hashes).toString('latin1');
  const count = hashes.length / HASH_BYTES;
  return Array.from({ length: count }, (_, i) => text.slice(i * HASH_BYTES, (i + 1) * HASH_BYTES));
}

const same = (a: Row, b: Row) => a.length === b.length && a.every((hash, i) => hash === b[i]);

function commonLength(a: Row, b: Row): number {
  const at = a.findIndex((hash, i) => hash !== b[i]);
  return at < 0 ? a.length : at;
}

/**
 * Tells what happened to a row of hashes: the shortest story that explains it.
 *
 * @param expected - the hashes as they should be
 * @param found - the hashes as they are, maybe more or fewer
 */
export function differences(expected: Uint8Array, found: Uint8Array): readonly Difference[] {
  const want = rowOf(expected);
  const have = rowOf(found);
  const at = commonLength(want, have);
  const rest = { want: want.slice(at), have: have.slice(at) };
  const tail = commonLength(rest.want.toReversed(), rest.have.toReversed());
  const lost = rest.want.slice(0, rest.want.length - tail);
  const came = rest.have.slice(0, rest.have.length - tail);
  return lost.length === 0 && came.length === 0 ? [] : story(lost, came, at);
}

/** What happened where `lost` stood from `at` on and `came` stands now; their first and last hashes differ. */
function story(lost: Row, came: Row, at: number): readonly Difference[] {
  if (came.length === 0) return [{ kind: 'entry-dropped', at, count: lost.length }];
  if (lost.length === 0) return [{ kind: 'entry-inserted', at, count: came.length }];
  if (lost.length !== came.length) return [{ kind: 'entry-changed', at, count: lost.length }];
  if (same(lost.toSorted(), came.toSorted())) return places(lost, came, at, 'entries-swapped');
  return moved(lost, came, at) ?? places(lost, came, at, 'entry-changed');
}

/** Entries were dropped and the later ones moved up, or inserted and the later ones moved down. */
function moved(lost: Row, came: Row, at: number): readonly Difference[] | undefined {
  const up = lost.indexOf(came[0] ?? '');
  const end = at + lost.length;
  if (up > 0 && same(lost.slice(up), came.slice(0, -up))) {
    return [
      { kind: 'entry-dropped', at, count: up },
      { kind: 'entry-inserted', at: end, count: up },
    ];
  }
  const down = came.indexOf(lost[0] ?? '');
  if (down > 0 && same(came.slice(down), lost.slice(0, -down))) {
    return [
      { kind: 'entry-inserted', at, count: down },
      { kind: 'entry-dropped', at: end - down, count: down },
    ];
  }
  return undefined;
}

function places(lost: Row, came: Row, at: number, kind: Difference['kind']): readonly Difference[] {
  return lost.flatMap((hash, i) => (hash === came[i] ? [] : [{ kind, at: at + i, count: 1 }]));
}
