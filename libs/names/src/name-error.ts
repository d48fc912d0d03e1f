/** An error as `dns.lookup` gives them: what opens connections tells them apart by their code. */
export interface NameError extends Error {
  readonly code: 'ENOTFOUND' | 'EAI_AGAIN';
  readonly hostname: string;
}

const nameError = (code: NameError['code'], name: string, reason: string, cause?: unknown): NameError =>
  Object.assign(new Error(`getaddrinfo ${code} ${name}: ${reason}`, { cause }), {
    code,
    syscall: 'getaddrinfo',
    hostname: name,
  });

/** Somebody who knows has said that there is nothing under the name. */
export const noSuchName = (name: string): NameError => nameError('ENOTFOUND', name, 'there is no such name');

/** Nobody has said anything that counts: the next question may have an answer. */
export const nameUnanswered = (name: string, reason: string, cause?: unknown): NameError =>
  nameError('EAI_AGAIN', name, reason, cause);

export const isNoSuchName = (error: unknown): boolean => (error as Partial<NameError>).code === 'ENOTFOUND';
