import {
  type Client,
  type Metadata,
  ResponderBuilder,
  type ServerInterceptor,
  ServerInterceptingCall,
} from '@grpc/grpc-js';

/** The standard health check: everybody answers it, and it needs no seal, which would have to be made by a good clock. */
const healthCheck = '/grpc.health.v1.Health/Check';
const timeKey = 'gatehouse-time';
const deadlineMs = 1_000;

/** Says with every answer to a health check what time it is here, unless `now` does not know. */
export const tellingTime =
  (now: () => number | undefined): ServerInterceptor =>
  ({ path }, call) => {
    if (path !== healthCheck) return new ServerInterceptingCall(call);
    const responder = new ResponderBuilder().withSendMetadata((metadata, next) => {
      const time = now();
      if (time !== undefined) metadata.set(timeKey, String(time));
      next(metadata);
    });
    return new ServerInterceptingCall(call, responder.build());
  };

/** Undefined if the server does not say. */
export const askServerTime = (client: Client): Promise<number | undefined> =>
  new Promise((resolve, reject) => {
    let time: number | undefined;
    // No field of the request is set, and of the answer none is read.
    const asIs = (message: Buffer): Buffer => message;
    const deadline = Date.now() + deadlineMs;
    const call = client.makeUnaryRequest(healthCheck, asIs, asIs, Buffer.alloc(0), { deadline }, (error) =>
      error === null ? resolve(time) : reject(error),
    );
    call.on('metadata', (metadata: Metadata) => {
      time = readTime(metadata);
    });
  });

function readTime(metadata: Metadata): number | undefined {
  const [text] = metadata.get(timeKey);
  const time = Number(text);
  return text === undefined || !Number.isFinite(time) ? undefined : time;
}
