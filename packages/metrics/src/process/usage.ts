import { readdirSync, readFileSync } from 'node:fs';
import { getHeapStatistics } from 'node:v8';

/** A number about the process. */
export interface Usage {
  readonly name: string;
  readonly help: string;
  readonly value: number;
}

/** What the process has used so far (`total`), or uses now (`level`); always the same names in the same order. */
export function readUsage(kind: 'total' | 'level'): readonly Usage[] {
  return kind === 'total' ? readCpu() : readMemory();
}

function readCpu(): readonly Usage[] {
  const { user, system } = process.cpuUsage();
  const seconds = (us: number) => us / 1e6;
  return [
    {
      name: 'process_cpu_user_seconds_total',
      help: 'CPU time in the code of the process',
      value: seconds(user),
    },
    { name: 'process_cpu_system_seconds_total', help: 'CPU time in the system', value: seconds(system) },
    { name: 'process_cpu_seconds_total', help: 'CPU time in all', value: seconds(user + system) },
  ];
}

function readMemory(): readonly Usage[] {
  const heap = getHeapStatistics();
  return [
    {
      name: 'process_resident_memory_bytes',
      help: 'Memory that is held in RAM',
      value: process.memoryUsage.rss(),
    },
    { name: 'nodejs_heap_size_used_bytes', help: 'Heap that holds objects', value: heap.used_heap_size },
    { name: 'nodejs_heap_size_total_bytes', help: 'Heap that is reserved', value: heap.total_heap_size },
    {
      name: 'nodejs_heap_size_limit_bytes',
      help: 'Heap that there may be at most',
      value: heap.heap_size_limit,
    },
    {
      name: 'nodejs_external_memory_bytes',
      help: 'Memory of buffers outside of the heap',
      value: heap.external_memory,
    },
  ];
}

/** How many file descriptors are open; 0 where the system does not tell. */
export function openFileDescriptors(): number {
  try {
    // One of them is that of the listing itself.
    return readdirSync('/proc/self/fd').length - 1;
  } catch {
    return 0;
  }
}

/** How many file descriptors may be open; `undefined` where the system does not tell, or sets no limit. */
export function maxFileDescriptors(): number | undefined {
  try {
    const [, limit] = /^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8')) ?? [];
    return limit === undefined ? undefined : Number(limit);
  } catch {
    return undefined;
  }
}
