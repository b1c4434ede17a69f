import path from 'node:path';
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

/** Runs until the time is up or somebody ends it; a second signal ends the process where it stands. */
async function run(settings: Settings): Promise<void> {
  const show = createShow(process.stdout, process.env);
  const quickstart = await openQuickstart(settings, {
    onEntry: (entry) => show.tell(entry),
    random: Math.random,
  });
  const { lifecycle } = quickstart;
  const end = (text: string) => {
    show.close(quickstart);
    return new Promise((resolve) => process.stdout.write(text, resolve));
  };
  lifecycle.add({ name: 'summary', run: () => end(`\n${summary(quickstart)}\n${auditHint(settings)}`) });
  lifecycle.on('shutdown.forced', () => void end('\n'));
  lifecycle.listen();
  show.open(quickstart);
  // When the time is up, the same happens as on Ctrl-C.
  if (settings.durationMs < Infinity) setTimeout(() => process.emit('SIGINT', 'SIGINT'), settings.durationMs);
}

/** How to verify what was written down. */
function auditHint({ auditDir }: Settings): string {
  if (auditDir === undefined) return '';
  const dir = path.relative('', auditDir);
  return `The audit log: npm run -s holdfast-audit -- verify ${dir} --key ${dir}.key.pub\n`;
}
