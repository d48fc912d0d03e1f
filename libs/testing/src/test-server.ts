/** A real server, started for a test and gone with it. */
export interface TestServer {
  readonly url: string;
  readonly port: number;
  /** As an operator would; returns when the process is gone and its files are removed. */
  stop(): Promise<void>;
  /** As a power cut would (SIGKILL). */
  kill(): Promise<void>;
  /** Starts it again on the same port with the same files, killing it first if it still runs. */
  restart(): Promise<void>;
  /** Holds the process (SIGSTOP): its sockets stay open and nobody answers. */
  pause(): void;
  resume(): void;
}
