import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { text as read } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { freePort } from '../../../../scripts/services/free-port.ts';
import { freshProject, readPage, type FreshProject } from '../support/fresh-project.ts';

/** The code of the sample that names a file, and the commands that are shown to try it, with their output. */
async function sampleOf(page: string, file: string) {
  const text = await readPage(page);
  const code = fence(text, 'ts', `// ${file}\n`);
  const commands = fence(text, 'console', '')
    .split(/^\$ /m)
    .slice(1)
    .map((each) => {
      const [command = '', ...lines] = each.trimEnd().split('\n');
      return { command, output: lines.join('\n') };
    });
  return { code, commands };
}

/** What stands in the first fence of a page that begins in a certain way. */
function fence(text: string, language: string, beginning: string): string {
  const found = new RegExp(`^\`\`\`${language}\\n(${beginning}[\\s\\S]*?)^\`\`\``, 'm').exec(text)?.[1];
  if (found === undefined) throw new Error(`there is no ${language} that begins with ${beginning}`);
  return found;
}

/** Does what `curl -s URL | grep TEXT` does. */
async function curl(command: string, port: number): Promise<string> {
  const [, url = '', text] = /^curl -s (\S+)(?: \| grep (.+))?$/.exec(command) ?? [];
  const body = await (await fetch(`http://${url.replace('localhost:3000', `127.0.0.1:${port}`)}`)).text();
  const lines = body.trimEnd().split('\n');
  return lines.filter((line) => text === undefined || line.includes(text)).join('\n');
}

const pages = [
  ['README.md', 'app.mjs'],
  ['docs/guides/express.md', 'app.mjs'],
] as const;

let project: FreshProject;
beforeAll(async () => {
  project = await freshProject();
}, 60_000);
afterAll(() => project.close());

describe.each(pages)('the Express app of %s', (page, file) => {
  async function start(code: string): Promise<{ app: ChildProcess; port: number }> {
    const port = await freePort();
    const app = await project.start(file, code, { PORT: String(port) });
    onTestFinished(() => void app.kill('SIGKILL'));
    const ready = async () => expect((await fetch(`http://127.0.0.1:${port}/readyz`)).status).toBe(200);
    await vi.waitFor(ready, { timeout: 20_000 });
    return { app, port };
  }

  it('answers as the page shows', async () => {
    const { code, commands } = await sampleOf(page, file);
    const { port } = await start(code);
    const curls = commands.filter(({ command }) => command.startsWith('curl'));
    expect(curls.length).toBeGreaterThan(2);
    for (const { command, output } of curls) {
      const same = async () => expect(await curl(command, port), command).toBe(output);
      await vi.waitFor(same, { timeout: 20_000 });
    }
  });

  it('has every endpoint that the page names', async () => {
    const { code } = await sampleOf(page, file);
    const { port } = await start(code);
    const named = [...new Set(code.match(/\/(livez|readyz|startupz|health|status|metrics(\/\w+)?)\b/g))];
    expect(named.length).toBeGreaterThan(6);
    for (const path of named) expect((await fetch(`http://127.0.0.1:${port}${path}`)).status, path).toBe(200);
  });

  it.skipIf(process.platform === 'win32')('ends well on Ctrl-C', async () => {
    const { app } = await start((await sampleOf(page, file)).code);
    app.kill('SIGINT');
    expect(await once(app, 'exit')).toEqual([0, null]);
  });
});

it('prints what docs/guides/observability.md shows', async () => {
  const text = await readPage('docs/guides/observability.md');
  const code = fence(text, 'ts', '// cardinality.mjs\n');
  const child = await project.start('cardinality.mjs', code, {}, 'pipe');
  const [output] = await Promise.all([read(child.stdout as Readable), once(child, 'exit')]);
  expect(output.trimEnd()).toBe(fence(text, 'text', '# HELP').trimEnd());
});
