import {
  createFileRegistry,
  type DescMethod,
  fromBinary,
  fromJson,
  type JsonValue,
  toBinary,
  toJson,
} from '@bufbuild/protobuf';
import { FileDescriptorProtoSchema } from '@bufbuild/protobuf/wkt';

import { writeOutNames } from './written-out-names.js';
import { contractFiles } from './contract-files.js';
import type { AnyMethod } from './service-definition.js';

/** A method of a contract by its name, `gatehouse.tenant.v1.UserService/GetUser`, that takes and gives JSON (ProtoJSON). */
export function jsonMethod(name: string): AnyMethod {
  const { input, output } = describe(name);
  const requestSerialize = (json: JsonValue): Buffer => Buffer.from(toBinary(input, fromJson(input, json)));
  const responseSerialize = (json: JsonValue): Buffer => Buffer.from(toBinary(output, fromJson(output, json)));
  return {
    path: `/${name}`,
    requestStream: false,
    responseStream: false,
    requestSerialize,
    requestDeserialize: (bytes: Buffer) => toJson(input, fromBinary(input, bytes)),
    responseSerialize,
    responseDeserialize: (bytes: Buffer) => toJson(output, fromBinary(output, bytes)),
  };
}

function describe(name: string): DescMethod {
  const [serviceName = '', methodName] = name.split('/');
  const loaded = Object.values(contractFiles()).flatMap(({ fileDescriptorProtos }) => fileDescriptorProtos as Buffer[]);
  const files = loaded.map((bytes) => fromBinary(FileDescriptorProtoSchema, bytes));
  writeOutNames(files);
  const file = files.find((each) => each.service.some((service) => `${each.package}.${service.name}` === serviceName));
  const registry = file && createFileRegistry(file, (imported) => files.find((each) => each.name === imported));
  const method = registry?.getService(serviceName)?.methods.find((each) => each.name === methodName);
  if (method === undefined) throw new Error(`There is no call ${name}.`);
  return method;
}
