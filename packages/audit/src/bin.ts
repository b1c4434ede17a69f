#!/usr/bin/env node
/** The oldest release that has all of `node:sqlite` that is used. */
const OLDEST_NODE = '22.16';

// On an older one even the imports fail.
if (process.versions.node.localeCompare(OLDEST_NODE, 'en', { numeric: true }) >= 0) {
  const { runOnProcess } = await import('./cli/run-on-process.ts');
  await runOnProcess();
} else {
  console.error(`holdfast-audit needs Node ${OLDEST_NODE} or later; this is ${process.version}`);
  process.exitCode = 3;
}
