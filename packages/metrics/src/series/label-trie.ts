/** An inner node: what the values of the labels so far lead to. */
export class Branch<L extends Leaf<L>> {
  readonly parent: Branch<L> | undefined;
  readonly key: string;
  readonly children = new Map<string, Branch<L> | L>();
  private lastKey: string | undefined = undefined;
  private lastChild: Branch<L> | L | undefined = undefined;

  constructor(parent: Branch<L> | undefined, key: string) {
    this.parent = parent;
    this.key = key;
  }

  /** The child of a value. The last one is remembered, as comparing is quicker than looking up. */
  get(key: string): Branch<L> | L | undefined {
    if (key === this.lastKey) return this.lastChild;
    const child = this.children.get(key);
    if (child !== undefined) {
      this.lastKey = key;
      this.lastChild = child;
    }
    return child;
  }

  set(key: string, child: Branch<L> | L): void {
    this.children.set(key, child);
    this.forget();
  }

  delete(key: string): void {
    this.children.delete(key);
    this.forget();
  }

  /** Both at once: a label that is missing asks for `undefined`, and must find nothing. */
  private forget(): void {
    this.lastKey = undefined;
    this.lastChild = undefined;
  }
}

/** What a full tuple of values leads to. It knows its place, so that no tuple has to be kept. */
export abstract class Leaf<L extends Leaf<L>> {
  parent: Branch<L> | undefined = undefined;
  key = '';
}

/**
 * Finds leaves by a tuple of label values: a map in a map for each label. No key is ever put together, which is what
 * makes different tuples different leaves, whatever characters they hold.
 */
export class LabelTrie<L extends Leaf<L>> {
  readonly root = new Branch<L>(undefined, '');
  private readonly depth: number;
  private leaves = 0;

  constructor(depth: number) {
    this.depth = depth;
  }

  get size(): number {
    return this.leaves;
  }

  /** The leaf of a tuple, if there is one. */
  find(values: readonly string[]): L | undefined {
    let node: Branch<L> | L | undefined = this.root;
    for (let i = 0; i < this.depth && node !== undefined; i++) {
      node = (node as Branch<L>).get(values[i] as string);
    }
    return node as L | undefined;
  }

  /** Puts a leaf at a tuple, in place of the one that was there. */
  put(values: readonly string[], leaf: L): void {
    let branch = this.root;
    for (let i = 0; i < this.depth - 1; i++) {
      const key = values[i] as string;
      let next = branch.get(key) as Branch<L> | undefined;
      if (next === undefined) branch.set(key, (next = new Branch(branch, key)));
      branch = next;
    }
    const key = values[this.depth - 1] as string;
    if (!branch.children.has(key)) this.leaves++;
    branch.set(key, leaf);
    leaf.parent = branch;
    leaf.key = key;
  }

  /** Takes a leaf out, with the branches that led to it alone. The leaf still knows its tuple. */
  delete(leaf: L): void {
    let branch = leaf.parent;
    if (branch?.get(leaf.key) !== leaf) return;
    this.leaves--;
    branch.delete(leaf.key);
    while (branch?.parent !== undefined && branch.children.size === 0) {
      branch.parent.delete(branch.key);
      branch = branch.parent;
    }
  }

  /** The leaves in groups that share all values but the last. Leaves may come and go meanwhile. */
  groups(): Iterable<ReadonlyMap<string, L>> {
    return groupsBelow(this.root, this.depth - 1);
  }
}

function* groupsBelow<L extends Leaf<L>>(
  branch: Branch<L>,
  levels: number,
): Generator<ReadonlyMap<string, L>> {
  if (levels === 0) yield branch.children as ReadonlyMap<string, L>;
  else for (const next of branch.children.values()) yield* groupsBelow(next as Branch<L>, levels - 1);
}

/** The tuple that leads to a leaf. */
export function tupleOf<L extends Leaf<L>>(leaf: L): string[] {
  const values = [leaf.key];
  for (let branch = leaf.parent; branch?.parent !== undefined; branch = branch.parent)
    values.push(branch.key);
  return values.reverse();
}
