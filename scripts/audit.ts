/** `npm audit` of what is shipped, where the registry answers it; says so where it does not. */
import { spawnSync } from 'node:child_process';
import { root } from './packages.ts';

interface AuditReport {
  readonly metadata?: { readonly vulnerabilities?: Readonly<Record<string, number>> };
}

const { stdout } = spawnSync('npm', ['audit', '--omit=dev', '--json'], {
  cwd: root,
  encoding: 'utf8',
  timeout: 60_000,
});
const counts = parse(stdout)?.metadata?.vulnerabilities;
if (counts === undefined) {
  console.log('skipped: the registry does not answer npm audit');
} else {
  console.log(
    Object.entries(counts)
      .map(([level, count]) => `${level} ${count}`)
      .join(', '),
  );
  process.exitCode = (counts['high'] ?? 0) + (counts['critical'] ?? 0) > 0 ? 1 : 0;
}

function parse(text: string): AuditReport | undefined {
  try {
    return JSON.parse(text) as AuditReport;
  } catch {
    return undefined;
  }
}
