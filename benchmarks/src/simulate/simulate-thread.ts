/** The thread of one run, started by `runInThread`. */
import { parentPort, workerData } from 'node:worker_threads';
import { scenarioNamed } from './command-line.ts';
import type { Message, Run } from './run-in-thread.ts';
import { simulateFleet } from './simulate-fleet.ts';
import { SUBJECTS } from './subjects.ts';

const { scenario, subject, size } = workerData as Run;
const send = (message: Message) => parentPort?.postMessage(message);

const played = SUBJECTS[subject];
if (played === undefined) throw new RangeError(`there is no subject ${subject}`);
send(await simulateFleet(scenarioNamed(scenario), played, size, (second) => send(second)));
