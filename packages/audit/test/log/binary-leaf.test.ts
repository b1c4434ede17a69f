import path from 'node:path';
import { mkdirSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { FrameWriter } from '../../src/wal/frame.ts';
import { appendAll, filesIn, openTestEngine, segments, tempDir } from './rig.ts';

/** An entry that looks like frames of the write-ahead log from the inside, as anybody can make who knows the format. */
function forged(): Buffer {
  const writer = new FrameWriter();
  for (const batchStart of [2 ** 16, 2 ** 31, 2 ** 32 - 1]) {
    writer.entry(0, batchStart, 1, Buffer.from('forged'));
    writer.tenant(0, batchStart, 1, 'forged');
  }
  return Buffer.from(writer.bytes.subarray(0, writer.length));
}

test('an entry that holds frames is recovered or cut off as a whole, wherever writing it was torn', async () => {
  const dir = tempDir();
  const engine = await openTestEngine({ dir, checkpointEveryMs: 3_600_000 });
  await appendAll(engine, 'a', ['kept']);
  const before = filesIn(dir).get(path.relative(dir, segments(dir)[0] ?? ''))?.length ?? 0;
  await engine.append('a', forged());
  const files = filesIn(dir);
  const wal = path.relative(dir, segments(dir)[0] ?? '');
  const whole = files.get(wal) ?? Buffer.alloc(0);
  for (let length = before; length <= whole.length; length++) {
    const copy = tempDir();
    for (const [file, bytes] of files) {
      mkdirSync(path.dirname(path.join(copy, file)), { recursive: true });
      writeFileSync(path.join(copy, file), file === wal ? whole.subarray(0, length) : bytes);
    }
    const after = await openTestEngine({ dir: copy, checkpointEveryMs: 3_600_000 });
    expect(after.size('a')).toBe(length === whole.length ? 2 : 1);
    await after.close();
  }
});
