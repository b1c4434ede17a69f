import { circuitBreaker, failureRatio, countWindow, timeWindow } from '@holdfast/circuit-breaker';
const mk = { cons: () => circuitBreaker({}), count: () => circuitBreaker({ tripRule: failureRatio({ window: countWindow() }) }), time: () => circuitBreaker({ tripRule: failureRatio({ window: timeWindow() }) }) };
const b = mk[(process.argv[2] ?? 'cons') as 'cons']();
const N = 2e4;
const run = (name: string, f: (n: number) => number) => { let best = 1e9; for (let r = 0; r < 3000; r++) { const s = process.hrtime.bigint(); f(N); best = Math.min(best, Number(process.hrtime.bigint() - s) / N); } const h = process.memoryUsage().heapUsed; f(N); console.log(name.padEnd(10), best.toFixed(2), 'ns', ((process.memoryUsage().heapUsed - h) / N).toFixed(2), 'B'); };
run('empty', (n) => { let x = 0; for (let i = 0; i < n; i++) x = (x + i) | 0; return x; });
const one = () => 1;
run('sync', (n) => { let x = 0; for (let i = 0; i < n; i++) x = (x + b.executeSync(one)) | 0; return x; });
run('permit', (n) => { for (let i = 0; i < n; i++) b.record(b.tryAcquire(), 'success'); return 0; });
