import type { Names } from '@libs/names';

/** Where the schema of a service is. */
export interface MysqlAddress {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly schema: string;
  /** Finds the address of the host; as the system does unless given. */
  readonly names?: Names;
}

const nameOf = (text: string): string => text.replaceAll(/\W/g, '_');

/** `mysql://user:password@host:3306/gatehouse` and `auth` make the address of the schema `gatehouse_auth`. */
export function mysqlAddress(databaseUrl: string, service: string): MysqlAddress {
  const url = URL.parse(databaseUrl);
  const prefix = url === null ? '' : decodeURIComponent(url.pathname.slice(1));
  if (url === null || !/^(mysql|mariadb):$/.test(url.protocol) || url.hostname === '' || !/^\w+$/.test(prefix)) {
    throw new Error('The database URL must look like mysql://user:password@host:3306/prefix_of_schemas.');
  }
  return {
    host: url.hostname.replaceAll(/^\[|\]$/g, ''),
    port: url.port === '' ? 3306 : Number(url.port),
    user: decodeURIComponent(url.username),
    password: decodeURIComponent(url.password),
    schema: `${prefix}_${nameOf(service)}`,
  };
}
