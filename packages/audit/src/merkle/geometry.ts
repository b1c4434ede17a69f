/** Levels of the Merkle tree that one tile covers. */
export const TILE_HEIGHT = 8;

/** Hashes in a full tile, and entries in a full bundle. */
export const TILE_WIDTH = 2 ** TILE_HEIGHT;
