/** The process of one suite, started by `runSuite`. */
import type { Message } from './harness/run-suite.ts';
import { SUITES } from './suites.ts';

const send = (message: Message) => process.send?.(message);

const suite = SUITES.find(({ name }) => name === process.argv[2]);
if (suite === undefined) throw new RangeError(`there is no suite '${process.argv[2]}'`);
const found = await suite.run((progress) => send({ progress }));
send({ report: { suite: suite.name, node: process.version, ...found } });
// Peers may hold timers that never end.
process.disconnect();
process.exit();
