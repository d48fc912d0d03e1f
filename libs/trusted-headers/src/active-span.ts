import { isTracing, type Span } from '@libs/tracing';

import { currentContextOrNone } from './request-context.js';

/** The span that new ones are begun below, if the work in progress is recorded. Without a collector it costs nothing. */
export const activeSpan = (): Span | undefined => (isTracing() ? currentContextOrNone()?.span : undefined);
