import { ConnectError } from './connect-error.ts';
import type { ConnectItem } from './connect-item.ts';
import type { ItemInput } from './item-input.ts';
import { newId } from './new-id.ts';

/** A vault as the server answers it. */
export interface ConnectVault {
  readonly id: string;
  readonly name: string;
  readonly description?: string;
  readonly attributeVersion: number;
  readonly contentVersion: number;
  readonly items: number;
  readonly type: 'USER_CREATED';
  readonly createdAt: string;
  readonly updatedAt: string;
}

interface Kept {
  readonly name: string;
  readonly createdAt: string;
  changes: number;
  readonly items: Map<string, ConnectItem>;
}

/** Keeps vaults and items in memory. */
export class ConnectStore {
  private readonly vaults = new Map<string, Kept>();
  private readonly contents = new Map<string, Uint8Array>();
  private readonly now: () => number;

  constructor(now: () => number) {
    this.now = now;
  }

  /** Makes a vault, and answers its id. */
  addVault(name: string, id = newId()): string {
    this.vaults.set(id, { name, createdAt: this.date(), changes: 1, items: new Map() });
    return id;
  }

  listVaults(): readonly ConnectVault[] {
    return [...this.vaults.keys()].map((id) => this.vault(id));
  }

  /** @throws {@link ConnectError} 404 */
  vault(id: string): ConnectVault {
    const { name, createdAt, changes, items } = this.kept(id);
    return {
      id,
      name,
      attributeVersion: 1,
      contentVersion: changes,
      items: items.size,
      type: 'USER_CREATED',
      createdAt,
      updatedAt: createdAt,
    };
  }

  /** @throws {@link ConnectError} 404 */
  listItems(vaultId: string): readonly ConnectItem[] {
    return [...this.kept(vaultId).items.values()];
  }

  /** @throws {@link ConnectError} 404 */
  item(vaultId: string, id: string): ConnectItem {
    const item = this.kept(vaultId).items.get(id);
    if (item === undefined) throw new ConnectError(404, `item ${id} not found`);
    return item;
  }

  /** Adds an item, or replaces the one with an id. */
  putItem(vaultId: string, input: ItemInput, id = newId()): ConnectItem {
    const kept = this.kept(vaultId);
    const before = kept.items.get(id);
    const item: ConnectItem = {
      ...input,
      id,
      vault: { id: vaultId },
      version: (before?.version ?? 0) + 1,
      createdAt: before?.createdAt ?? this.date(),
      updatedAt: this.date(),
      lastEditedBy: 'LSGS5UYKDNGKRGGNUC5WHVCTNY',
      files: before?.files ?? [],
    };
    kept.items.set(id, item);
    kept.changes++;
    return item;
  }

  /** @throws {@link ConnectError} 404 */
  removeItem(vaultId: string, id: string): void {
    this.item(vaultId, id);
    const kept = this.kept(vaultId);
    kept.items.delete(id);
    kept.changes++;
  }

  /** Attaches a file to an item, and answers its id. */
  addFile(vaultId: string, itemId: string, name: string, content: Uint8Array): string {
    const item = this.item(vaultId, itemId);
    const id = newId();
    this.contents.set(id, content);
    const content_path = `v1/vaults/${vaultId}/items/${itemId}/files/${id}/content`;
    const files = [...item.files, { id, name, size: content.length, content_path }];
    this.kept(vaultId).items.set(itemId, { ...item, files });
    return id;
  }

  /** @throws {@link ConnectError} 404 */
  fileContent(vaultId: string, itemId: string, id: string): Uint8Array {
    const content = this.item(vaultId, itemId).files.some((file) => file.id === id) && this.contents.get(id);
    if (!content) throw new ConnectError(404, `file ${id} not found`);
    return content;
  }

  private kept(id: string): Kept {
    const kept = this.vaults.get(id);
    if (kept === undefined) throw new ConnectError(404, `vault ${id} not found`);
    return kept;
  }

  private date(): string {
    return new Date(this.now()).toISOString();
  }
}
