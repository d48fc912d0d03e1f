/** Nobody could say what a source holds. It may be known later, without anybody mending the configuration. */
export class SourceAway extends Error {}
