/** Nacos is away, silent, or will not have us. What it would say is not known. Never with what was sent. */
export class NacosFailure extends Error {
  constructor(
    message: string,
    /** Of its answer, if there was one. */
    readonly status?: number,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
