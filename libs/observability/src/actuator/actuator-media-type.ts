import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';

const versions = /application\/vnd\.spring-boot\.actuator\.v[23]\+json/;

interface Reply {
  header(name: string, value: string): unknown;
}

/** Whoever asks for the media type of Spring Boot's actuator is told it. The text of Prometheus keeps its own. */
@Injectable()
export class ActuatorMediaType implements NestInterceptor {
  intercept(execution: ExecutionContext, next: CallHandler): ReturnType<CallHandler['handle']> {
    const http = execution.switchToHttp();
    const { accept = '' } = http.getRequest<{ headers: { accept?: string } }>().headers;
    const [asked] = versions.exec(accept) ?? [];
    if (asked !== undefined) http.getResponse<Reply>().header('content-type', asked);
    return next.handle();
  }
}
