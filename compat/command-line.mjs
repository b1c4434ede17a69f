// For runtimes with a command line: Node, Bun, Deno.
import { smoke } from './smoke.mjs';

const names = await smoke();
console.log(`${names.length} checks hold`);
