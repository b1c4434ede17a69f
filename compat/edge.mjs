// Entry for the edge runtime, whose scripts have no modules: leaves a promise where the runner finds it.
import { smoke } from './smoke.mjs';

globalThis.smoked = smoke();
