#!/usr/bin/env python3
"""Verifies a transparency log with nothing but Python's hashlib and the openssl command line.

Written from the specifications alone (C2SP tlog-tiles, tlog-checkpoint, signed-note, tlog-cosignature and tlog-proof,
RFC 6962 section 2.1). It shares no code with the writer, which is the point: where the two disagree, one is wrong.

    verify_tlog.py log DIR VKEY [--minimum-index N] [--kept CHECKPOINT] [--witness VKEY]...
    verify_tlog.py proof FILE ENTRY VKEY [--witness VKEY]...

Prints one line and exits 0 when everything holds; prints what does not and exits 1 otherwise.
"""

import argparse
import base64
import hashlib
import pathlib
import subprocess
import sys
import tempfile

WIDTH = 256
HASH = 32
ED25519, COSIGNATURE = 0x01, 0x04
# The DER header of an Ed25519 SubjectPublicKeyInfo (RFC 8410); the 32 bytes of the key follow.
SPKI = bytes.fromhex("302a300506032b6570032100")


class Broken(Exception):
    """What does not hold."""


def leaf_hash(entry):
    return hashlib.sha256(b"\x00" + entry).digest()


def node_hash(left, right):
    return hashlib.sha256(b"\x01" + left + right).digest()


def split(n):
    """The largest power of two smaller than n."""
    return 1 << ((n - 1).bit_length() - 1)


def tree_hash(hashes):
    """RFC 6962 section 2.1, over the hashes of leaves or of whole subtrees."""
    if not hashes:
        return hashlib.sha256(b"").digest()
    if len(hashes) == 1:
        return hashes[0]
    k = split(len(hashes))
    return node_hash(tree_hash(hashes[:k]), tree_hash(hashes[k:]))


# --- signed notes -----------------------------------------------------------------------------------------------------


def key_id(name, kind, key):
    return hashlib.sha256(name.encode() + b"\n" + bytes([kind]) + key).digest()[:4]


def parse_vkey(vkey):
    name, hexadecimal, encoded = vkey.strip().split("+", 2)
    raw = base64.b64decode(encoded, validate=True)
    kind, key = raw[0], raw[1:]
    if kind not in (ED25519, COSIGNATURE) or len(key) != 32:
        raise Broken(f"{name}: not an Ed25519 key")
    if key_id(name, kind, key).hex() != hexadecimal:
        raise Broken(f"{name}: the key id does not belong to the key")
    return name, kind, key


def ed25519_verify(key, message, signature):
    with tempfile.TemporaryDirectory() as folder:
        files = {"key": SPKI + key, "message": message, "signature": signature}
        for name, content in files.items():
            pathlib.Path(folder, name).write_bytes(content)
        done = subprocess.run(
            ["openssl", "pkeyutl", "-verify", "-rawin", "-pubin", "-keyform", "DER", "-inkey", "key"]
            + ["-in", "message", "-sigfile", "signature"],
            cwd=folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        return done.returncode == 0


def signed_message(kind, text, signature):
    """What an Ed25519 signature of this kind signs, and the 64 bytes of the signature itself."""
    if kind == ED25519:
        return text, signature
    seconds = int.from_bytes(signature[:8], "big")
    return b"cosignature/v1\ntime %d\n" % seconds + text, signature[8:]


def open_note(note, vkey):
    """The text of a note, after the signature of the given key was verified."""
    name, kind, key = parse_vkey(vkey)
    at = note.rindex(b"\n\n")
    text, lines = note[: at + 1], note[at + 2 :].decode().splitlines()
    for line in lines:
        dash, signer, encoded = line.split(" ")
        raw = base64.b64decode(encoded, validate=True)
        if dash != "\u2014":
            raise Broken("a signature line begins with an em dash")
        if signer != name or raw[:4] != key_id(name, kind, key):
            continue
        message, signature = signed_message(kind, text, raw[4:])
        if not ed25519_verify(key, message, signature):
            raise Broken(f"the signature of {name} is wrong")
        return text
    raise Broken(f"not signed by {name}")


def read_checkpoint(note, vkey, witnesses):
    text = open_note(note, vkey)
    for witness in witnesses:
        open_note(note, witness)
    origin, size, root = text.decode().split("\n")[:3]
    if not size.isdigit() or str(int(size)) != size:
        raise Broken("the tree size is not a decimal number")
    if origin != parse_vkey(vkey)[0]:
        raise Broken(f"the origin is {origin}")
    return int(size), base64.b64decode(root, validate=True)


# --- tiles ------------------------------------------------------------------------------------------------------------


def tile_path(folder, level, index, width):
    groups = [f"{index % 1000:03d}"]
    while index >= 1000:
        index //= 1000
        groups.insert(0, f"x{index % 1000:03d}")
    path = pathlib.Path(folder, "tile", str(level), *groups)
    return path if width == WIDTH else path.with_name(path.name + ".p") / str(width)


def read_tile(folder, level, index, width):
    data = tile_path(folder, level, index, width).read_bytes()
    if len(data) != width * HASH:
        raise Broken(f"tile {level}/{index} has {len(data)} bytes")
    return [data[i : i + HASH] for i in range(0, len(data), HASH)]


def read_bundle(folder, index, width):
    data = tile_path(folder, "entries", index, width).read_bytes()
    entries, at = [], 0
    while at < len(data):
        length = int.from_bytes(data[at : at + 2], "big")
        entry = data[at + 2 : at + 2 + length]
        if at + 2 > len(data) or len(entry) != length:
            raise Broken(f"bundle {index} ends within an entry")
        entries.append(entry)
        at += 2 + length
    if len(entries) != width:
        raise Broken(f"bundle {index} has {len(entries)} entries, not {width}")
    return entries


def tiles_of(count):
    """Index and width of every tile that holds `count` hashes."""
    return [(n, min(WIDTH, count - n * WIDTH)) for n in range((count + WIDTH - 1) // WIDTH)]


def check_entries(folder, size, minimum):
    """Entries against the tiles of level 0; answers how many were read."""
    read = 0
    for index, width in tiles_of(size):
        try:
            entries = read_bundle(folder, index, width)
        except FileNotFoundError:
            if (index + 1) * WIDTH <= minimum:
                continue
            raise
        for place, (entry, expected) in enumerate(zip(entries, read_tile(folder, 0, index, width))):
            if leaf_hash(entry) != expected:
                raise Broken(f"entry {index * WIDTH + place} is not the one in the tree")
        read += len(entries)
    return read


def check_level(folder, level, size, minimum):
    """The tiles of one level against the full tiles below; answers the hashes of this level, None where pruned."""
    span = WIDTH ** (level + 1)
    hashes = []
    for index, width in tiles_of(size // WIDTH**level):
        try:
            hashes += read_tile(folder, level, index, width)
        except FileNotFoundError:
            if (index + 1) * span > minimum or width != WIDTH:
                raise
            hashes += [None] * WIDTH
    return hashes


def check_tree(folder, size, minimum):
    """Every level against the one below, and the root of it all."""
    below, rest = [], []
    level = 0
    while level == 0 or size >= WIDTH**level:
        hashes = check_level(folder, level, size, minimum)
        for index, found in enumerate(hashes if level else []):
            children = below[index * WIDTH : (index + 1) * WIDTH]
            if None not in children and found is not None and tree_hash(children) != found:
                raise Broken(f"hash {index} of level {level} does not belong to the tile below")
        rest = [hashes[len(hashes) // WIDTH * WIDTH :]] + rest
        below = hashes
        level += 1
    return tree_hash_of_frontier(rest)


def tree_hash_of_frontier(levels):
    """The root from what each level holds beyond its full tiles, highest level first."""
    root = None
    for hashes in reversed(levels):
        parts = hashes if root is None else hashes + [root]
        root = tree_hash(parts) if parts else root
    return root if root is not None else tree_hash([])


def root_at(folder, size, minimum):
    """The root of an earlier, smaller tree, from the tiles of the present one."""
    present = {}

    def hash_at(level, index):
        tile = (level, index // WIDTH)
        if tile not in present:
            whole = tile_path(folder, level, tile[1], WIDTH)
            partial = [int(each.name) for each in whole.with_name(whole.name + ".p").glob("*")]
            width = WIDTH if whole.exists() else max(partial)
            present[tile] = read_tile(folder, level, tile[1], width)
        return present[tile][index % WIDTH]

    levels, level = [], 0
    while level == 0 or size >= WIDTH**level:
        count = size // WIDTH**level
        levels.insert(0, [hash_at(level, i) for i in range(count // WIDTH * WIDTH, count)])
        level += 1
    if size < minimum:
        raise Broken(f"a tree of {size} entries is older than the minimum index {minimum}")
    return tree_hash_of_frontier(levels)


def verify_log(args):
    note = pathlib.Path(args.dir, "checkpoint").read_bytes()
    size, root = read_checkpoint(note, args.vkey, args.witness)
    read = check_entries(args.dir, size, args.minimum_index)
    if check_tree(args.dir, size, args.minimum_index) != root:
        raise Broken("the tree does not have the signed root")
    if args.kept is not None:
        kept_size, kept_root = read_checkpoint(pathlib.Path(args.kept).read_bytes(), args.vkey, [])
        if kept_size > size:
            raise Broken(f"the log was rolled back from {kept_size} to {size} entries")
        if root_at(args.dir, kept_size, args.minimum_index) != kept_root:
            raise Broken("the kept checkpoint is of another history")
    return f"ok: {size} entries, {read} read"


# --- proofs -----------------------------------------------------------------------------------------------------------


def verify_proof(args):
    lines = pathlib.Path(args.file).read_bytes()
    head, note = lines.split(b"\n\n", 1)
    first, *rest = head.decode().split("\n")
    if first != "c2sp.org/tlog-proof@v1":
        raise Broken("not a proof")
    if rest[0].startswith("extra "):
        rest.pop(0)
    index = int(rest.pop(0).removeprefix("index "))
    size, root = read_checkpoint(note, args.vkey, args.witness)
    if index >= size:
        raise Broken("the entry lies beyond the tree")
    entry = pathlib.Path(args.entry).read_bytes()
    if climb(leaf_hash(entry), index, size, [base64.b64decode(each) for each in rest]) != root:
        raise Broken("the entry is not in the tree")
    return f"ok: entry {index} of {size}"


def climb(found, index, size, path):
    """RFC 6962 section 2.1.1, from the leaf to the root: the split of each subtree says on which side it lies."""

    def subtree(index, size, path):
        if size == 1:
            return found if not path else None
        if not path:
            return None
        k = split(size)
        *below, sibling = path
        if index < k:
            left = subtree(index, k, below)
            return left and node_hash(left, sibling)
        right = subtree(index - k, size - k, below)
        return right and node_hash(sibling, right)

    return subtree(index, size, path)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(required=True)
    log = commands.add_parser("log")
    log.add_argument("dir")
    log.add_argument("vkey")
    log.add_argument("--minimum-index", type=int, default=0)
    log.add_argument("--kept")
    log.add_argument("--witness", action="append", default=[])
    log.set_defaults(run=verify_log)
    proof = commands.add_parser("proof")
    proof.add_argument("file")
    proof.add_argument("entry")
    proof.add_argument("vkey")
    proof.add_argument("--witness", action="append", default=[])
    proof.set_defaults(run=verify_proof)
    args = parser.parse_args()
    try:
        print(args.run(args))
    except (Broken, FileNotFoundError, ValueError) as problem:
        print(f"broken: {problem}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
