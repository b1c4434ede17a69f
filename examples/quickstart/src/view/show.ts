import type { WriteStream } from 'node:tty';
import type { Entry } from '../journal.ts';
import type { Quickstart } from '../quickstart.ts';
import { elapsed } from './format.ts';
import { renderLiveView } from './live-view.ts';
import { plainLine } from './plain-line.ts';
import { createScreen } from './screen.ts';

/** What is shown while the proxy runs. */
export interface Show {
  open(quickstart: Quickstart): void;
  /** Tells of something that happened. */
  tell(entry: Entry): void;
  close(quickstart: Quickstart): void;
}

/** A view that is redrawn in place on a terminal; plain lines elsewhere, and where colour is unwanted. */
export function createShow(output: WriteStream, env: Readonly<Record<string, string | undefined>>): Show {
  return output.isTTY && !env['NO_COLOR'] ? liveShow(output) : plainShow((line) => output.write(`${line}\n`));
}

const LIVE_MS = 200;
const PLAIN_MS = 1_000;

function liveShow(terminal: WriteStream): Show {
  const screen = createScreen(terminal);
  const draw = (quickstart: Quickstart) => {
    const [columns, rows] = terminal.getWindowSize();
    screen.draw(
      renderLiveView({
        status: quickstart.status(),
        history: quickstart.history(),
        historyWithout: quickstart.without?.history(),
        journal: quickstart.journal(),
        columns,
        rows,
      }),
    );
  };
  let timer: ReturnType<typeof setInterval>;
  return {
    open(quickstart) {
      screen.open();
      timer = setInterval(() => draw(quickstart), LIVE_MS);
    },
    tell: () => undefined,
    close(quickstart) {
      clearInterval(timer);
      draw(quickstart);
      screen.close();
    },
  };
}

function plainShow(print: (line: string) => void): Show {
  let timer: ReturnType<typeof setInterval>;
  return {
    open(quickstart) {
      const { proxy, upstream, scenario, without } = quickstart.status();
      print(`Listening on ${proxy}, guarding ${upstream}; Ctrl-C ends it.`);
      if (without !== null) print(`${scenario.name}: ${scenario.title}\n${scenario.lookFor}`);
      timer = setInterval(() => print(plainLine(quickstart.status())), PLAIN_MS);
    },
    tell: ({ atMs, text }) => print(`${elapsed(atMs)}  ${text}`),
    close: () => clearInterval(timer),
  };
}
