import path from 'node:path';
import {
  directorySource,
  leafHash,
  openNote,
  parseCheckpoint,
  readBundle,
  readTile,
  rootOf,
  tileReader,
  verifierFrom,
  vkeyOf,
} from '@holdfast/audit';
import { expect } from 'vitest';
import { encodeTenant } from '../../src/log/tenant-name.ts';
import { naiveRoot } from '../merkle/naive.ts';
import { ORIGIN, SIGNER } from './rig.ts';

/**
 * Reads what a directory serves for a tenant as a stranger would: the checkpoint must be signed, the tiles must lead to
 * its root, the bundles must hold these entries.
 *
 * @returns the size of the checkpoint
 */
export async function checkPublished(
  dir: string,
  tenant: string,
  expected: readonly string[],
): Promise<number> {
  const encoded = encodeTenant(tenant);
  const source = directorySource(path.join(dir, 'logs', encoded));
  const note = await source.read('checkpoint');
  if (note === undefined) return 0;
  const verifier = verifierFrom(vkeyOf(`${ORIGIN}/${encoded}`, SIGNER));
  const { origin, size, root, extensions } = parseCheckpoint(
    openNote(Buffer.from(note).toString(), [verifier]).text,
  );
  expect(origin).toBe(`${ORIGIN}/${encoded}`);
  expect(extensions).toEqual([]);
  const leaves: Buffer[] = [];
  for (let bundle = 0; bundle * 256 < size; bundle++) {
    const entries = await readBundle(source, bundle, size);
    leaves.push(...entries.map((entry) => Buffer.from(entry)));
    const tile = await readTile(source, 0, bundle, size);
    expect(Buffer.from(tile)).toEqual(Buffer.concat(entries.map(leafHash)));
  }
  expect(leaves.map(String)).toEqual(expected.slice(0, size));
  expect(Buffer.from(root)).toEqual(naiveRoot(leaves));
  expect(Buffer.from(await rootOf(tileReader(source, size), size))).toEqual(naiveRoot(leaves));
  return size;
}
