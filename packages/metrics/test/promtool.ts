import { spawnSync } from 'node:child_process';

/** Whether Prometheus's own tool is installed; `apt-get install prometheus` brings it. */
export const hasPromtool = spawnSync('promtool', ['--version']).error === undefined;

if (!hasPromtool) console.log('skipped: promtool is not installed, so it cannot judge the exposition');

/** What `promtool check metrics` finds wrong with a text; nothing where all is well. */
export function lint(text: string): string {
  const { status, stdout, stderr } = spawnSync('promtool', ['check', 'metrics'], {
    input: text,
    encoding: 'utf8',
  });
  return status === 0 ? '' : `exit ${status}\n${stdout}${stderr}`;
}
