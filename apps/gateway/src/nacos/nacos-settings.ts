/** Where Nacos is and how it is asked. */
export interface NacosSettings {
  /** `host:port`, several with commas between them. */
  readonly servers: string;
  /** Empty: public. */
  readonly namespace: string;
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  readonly tls: boolean;
}
