import { Hasher } from '../merkle/hash.ts';
import { TenantTree } from './tenant-tree.ts';

/** All trees of a log, by tenant. */
export class TreeBook {
  private readonly trees = new Map<string, TenantTree>();
  private readonly hasher = new Hasher();
  private readonly origin: string;
  private readonly folder: string;

  /**
   * @param origin - of the log
   * @param folder - of all tenants
   */
  constructor(origin: string, folder: string) {
    this.origin = origin;
    this.folder = folder;
  }

  /** The tree of a tenant, if there is one. */
  find(tenant: string): TenantTree | undefined {
    return this.trees.get(tenant);
  }

  /** The tree of a tenant; a new one without entries if there was none. */
  obtain(tenant: string): TenantTree {
    const known = this.trees.get(tenant);
    if (known !== undefined) return known;
    const tree = this.imagine(tenant);
    this.trees.set(tenant, tree);
    return tree;
  }

  /** The tree that a tenant would have, without entries; the book does not keep it. */
  imagine(tenant: string): TenantTree {
    const { origin, folder, hasher } = this;
    return new TenantTree({ tenant, number: this.trees.size, origin, folder, hasher });
  }

  /** All trees, in the order in which they were made. */
  all(): Iterable<TenantTree> {
    return this.trees.values();
  }
}
