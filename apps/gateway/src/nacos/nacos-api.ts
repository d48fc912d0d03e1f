import type { NacosRequest } from './nacos-http.js';

export interface NamedDocument {
  readonly dataId: string;
  readonly group: string;
}

export interface NamedService {
  readonly service: string;
  readonly group: string;
  readonly clusters: readonly string[];
}

export interface RegisteredInstance {
  readonly ip: string;
  readonly port: number;
  readonly weight: number;
}

/** The words of one version of Nacos' HTTP API. */
export interface NacosApi {
  readonly loginPath: string;
  readDocument(document: NamedDocument): NacosRequest;
  /** Undefined: there is no such document. */
  documentIn(answer: { status: number; text: string }): string | undefined;
  /** A question that is answered when the document is another than `known`; undefined where there is none. */
  awaitChange?(document: NamedDocument, known: string | undefined): NacosRequest;
  listInstances(service: NamedService): NacosRequest;
  /** Those that are enabled and well. */
  instancesIn(answer: { status: number; text: string }): readonly RegisteredInstance[];
}
