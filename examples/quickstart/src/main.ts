import { HELP, readCommandLine, type Settings } from './command-line.ts';
import { openQuickstart } from './quickstart.ts';
import { summary } from './summary.ts';
import { createShow } from './view/show.ts';

try {
  const settings = readCommandLine(process.argv.slice(2), process.env);
  if (settings === 'help') console.log(HELP);
  else await run(settings);
} catch (error) {
  console.error(`${(error as Error).message}\nFor help: npm start -- quickstart --help`);
  process.exitCode = 1;
}

/** Runs until the time is up or somebody ends it. */
async function run(settings: Settings): Promise<void> {
  const show = createShow(process.stdout, process.env);
  const quickstart = await openQuickstart(settings, {
    onEntry: (entry) => show.tell(entry),
    random: Math.random,
  });
  show.open(quickstart);
  await end(settings.durationMs);
  show.close(quickstart);
  await quickstart.close();
  console.log(`\n${summary(quickstart)}`);
}

/** Waits for the end of the time, or a first Ctrl-C; a second one ends the process where it stands. */
function end(durationMs: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = Number.isFinite(durationMs) ? setTimeout(stop, durationMs) : undefined;
    function stop() {
      clearTimeout(timer);
      process.off('SIGINT', stop).off('SIGTERM', stop);
      resolve();
    }
    process.on('SIGINT', stop).on('SIGTERM', stop);
  });
}
