export { classifyModelError, type ClassifyOptions } from './models/classify-model-error.ts';
export { modelError, type ModelError, type ModelErrorKind } from './models/model-error.ts';
