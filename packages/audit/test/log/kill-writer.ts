import { openEngine } from '../../src/log/open-engine.ts';
import { signerFrom } from '../../src/note/key-file.ts';

// Appends to several tenants from several callers at once until it is killed. Prints each index that was acknowledged,
// and nothing that was not.
const [dir = '', key = '', tenants = '3', callers = '8'] = process.argv.slice(2);
const engine = await openEngine({
  dir,
  origin: 'audit.example/test',
  signer: signerFrom(key).signer,
  segmentBytes: 16_384,
  checkpointEveryMs: 5,
});

async function call(caller: number): Promise<never> {
  for (let turn = 0; ; turn++) {
    const tenant = `t${(caller + turn) % Number(tenants)}`;
    const size = (turn * 37) % 300;
    const { index } = await engine.append(
      tenant,
      Buffer.from(`${process.pid}:${caller}:${turn}:${'x'.repeat(size)}`),
    );
    // One write for each line: a pipe takes a line of this length whole.
    process.stdout.write(`${tenant} ${index} ${process.pid}:${caller}:${turn}\n`);
  }
}

process.stdout.write('open\n');
await Promise.all(Array.from({ length: Number(callers) }, (_, caller) => call(caller)));
