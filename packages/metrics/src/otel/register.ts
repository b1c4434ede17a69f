/**
 * `node --import @holdfast/metrics/otel/register app.js` instruments what is loaded after it; `startTelemetry` sends the
 * spans. Its own entry, since modules that are loaded already cannot be instrumented.
 */
import { loadInstrumentations } from './load-instrumentations.ts';

await loadInstrumentations();
