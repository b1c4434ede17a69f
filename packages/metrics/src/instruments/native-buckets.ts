/** The coarsest resolution: each bucket spans a factor of 65,536. */
export const MIN_SCHEMA = -4;
/** The finest resolution: each bucket spans 0.27 %. */
export const MAX_SCHEMA = 8;

/** So near to a whole number, a logarithm may be rounded to the wrong side of it. */
const LOGARITHM_ERROR = 1e-6;

/**
 * Counts by buckets that grow by a factor of `2 ** 2 ** -schema`, of which only those exist that hold something. Bucket
 * `i` holds magnitudes above `2 ** ((i - 1) / 2 ** schema)` up to `2 ** (i / 2 ** schema)`.
 *
 * See https://prometheus.io/docs/specs/native_histograms/.
 */
export class NativeBuckets {
  schema: number;
  zeroThreshold: number;
  /** Values that are not farther from zero than the threshold. */
  zeroCount = 0;
  positive = new Map<number, number>();
  negative = new Map<number, number>();

  constructor(schema: number, zeroThreshold: number) {
    this.schema = schema;
    this.zeroThreshold = zeroThreshold;
  }

  /** How many buckets there are, the one around zero left out. */
  get size(): number {
    return this.positive.size + this.negative.size;
  }

  /** Takes in a value. */
  observe(value: number): void {
    const magnitude = Math.abs(value);
    if (magnitude <= this.zeroThreshold) this.zeroCount++;
    else add(value > 0 ? this.positive : this.negative, bucketOf(magnitude, this.schema), 1);
  }

  /** Merges buckets until there are no more than `maxBuckets`, which is at least 4. */
  shrink(maxBuckets: number): void {
    while (this.size > maxBuckets) {
      if (this.schema > MIN_SCHEMA) this.coarsen();
      else this.widenZero();
    }
  }

  /** Merges each two buckets into one. */
  private coarsen(): void {
    this.schema--;
    this.positive = halved(this.positive);
    this.negative = halved(this.negative);
  }

  /** Adds the buckets next to zero to the one around zero. */
  private widenZero(): void {
    const nearest = Math.min(...this.positive.keys(), ...this.negative.keys());
    this.zeroThreshold = boundOf(nearest, this.schema);
    for (const side of [this.positive, this.negative]) {
      this.zeroCount += side.get(nearest) ?? 0;
      side.delete(nearest);
    }
  }

  /** Takes over what another has counted. */
  takeOver(other: NativeBuckets): void {
    this.schema = other.schema;
    this.zeroThreshold = other.zeroThreshold;
    this.zeroCount = other.zeroCount;
    this.positive = new Map(other.positive);
    this.negative = new Map(other.negative);
  }
}

/** The upper bound of a bucket, inclusive. */
export function boundOf(index: number, schema: number): number {
  return 2 ** (index / 2 ** schema);
}

/** The bucket of a magnitude above zero. */
function bucketOf(magnitude: number, schema: number): number {
  // Infinity has a bucket to itself, above that of the greatest number.
  if (magnitude === Infinity) return bucketOf(Number.MAX_VALUE, schema) + 1;
  const position = Math.log2(magnitude) * 2 ** schema;
  const nearest = Math.round(position);
  if (Math.abs(position - nearest) > LOGARITHM_ERROR) return Math.ceil(position);
  return magnitude <= boundOf(nearest, schema) ? nearest : nearest + 1;
}

function halved(counts: ReadonlyMap<number, number>): Map<number, number> {
  const merged = new Map<number, number>();
  for (const [index, count] of counts) add(merged, Math.ceil(index / 2), count);
  return merged;
}

function add(counts: Map<number, number>, index: number, count: number): void {
  counts.set(index, (counts.get(index) ?? 0) + count);
}
