import { availableParallelism, cpus, loadavg, platform, arch } from 'node:os';

/** Where a suite ran. */
export interface Machine {
  readonly name: string;
  readonly load: string;
}

/** Describes this machine and how busy it is now. */
export function describeMachine(): Machine {
  const model = cpus()[0]?.model.trim() ?? 'unknown processor';
  return {
    name: `${availableParallelism()} x ${model} (${platform()} ${arch()})`,
    load: loadavg()
      .map((value) => value.toFixed(2))
      .join(' '),
  };
}
