import { currentContextOrNone } from '@libs/trusted-headers';

/** From where the present request came; empty where there is none. */
export const clientAddress = (): string => currentContextOrNone()?.clientAddress ?? '';
