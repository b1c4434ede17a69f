/** A service that knows nothing of spans: what is loaded before it instruments the modules that it imports. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { startTelemetry } from '@holdfast/metrics/otel';

const telemetry = await startTelemetry({ serviceName: 'instrumented-app' });
const server = createServer((_request, response) => void response.end('hello'));
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
const { port } = server.address() as AddressInfo;
console.log(await (await fetch(`http://127.0.0.1:${port}/`)).text());
server.closeAllConnections();
await new Promise((resolve) => server.close(resolve));
await telemetry.shutdown();
