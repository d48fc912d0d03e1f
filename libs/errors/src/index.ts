export { catalogue, type CatalogueEntry, type ErrorCode, type GrpcStatusName, isErrorCode } from './catalogue.js';
export { problemNameOf, problemResponse, problemSchema, problemSchemaOf } from './problem-schema.js';
export { type Problem, problemMediaType, toProblem } from './problem.js';
export { type FieldError, invalidField, Refusal, type RefusalOptions } from './refusal.js';
export { stepUpRequired } from './step-up-required.js';
