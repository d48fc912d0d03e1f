/** Who asks, in which session, from where. */
export interface Asker {
  readonly userId: string;
  readonly sessionId: string;
  readonly address: string;
}
