import { fromBinary, toBinary } from '@bufbuild/protobuf';
import { type DescriptorProto, type FileDescriptorProto, FileDescriptorProtoSchema } from '@bufbuild/protobuf/wkt';
import type { PackageDefinition } from '@grpc/proto-loader';

/**
 * Mends what proto-loader leaves out of its descriptors, without which buf and grpcurl refuse them: what each
 * file imports (grpc-node issue 3018), and the names that protoc gives to the entries of maps.
 */
export function completeDescriptors(loaded: PackageDefinition): PackageDefinition {
  const files = [...distinctFiles(loaded).values()];
  for (const file of files) {
    file.messageType.forEach(nameMapEntries);
    const types = file.messageType.flatMap(fieldTypesOf);
    const isUsed = (other: FileDescriptorProto) => types.some((type) => type.startsWith(`${other.package}.`));
    file.dependency = files.filter((other) => other !== file && isUsed(other)).map(({ name }) => name);
  }
  const fileDescriptorProtos = files.map((file) => Buffer.from(toBinary(FileDescriptorProtoSchema, file)));
  return { contracts: { format: 'Protocol Buffer 3 DescriptorProto', type: {}, fileDescriptorProtos } } as never;
}

function distinctFiles(loaded: PackageDefinition): Map<string, FileDescriptorProto> {
  const files = new Map<string, FileDescriptorProto>();
  for (const { fileDescriptorProtos } of Object.values(loaded)) {
    for (const bytes of (fileDescriptorProtos ?? []) as Buffer[]) {
      const file = fromBinary(FileDescriptorProtoSchema, bytes);
      files.set(file.name, file);
    }
  }
  return files;
}

const fieldTypesOf = (message: DescriptorProto): string[] => [
  ...message.field.map(({ typeName }) => typeName),
  ...message.nestedType.flatMap(fieldTypesOf),
];

function nameMapEntries(message: DescriptorProto): void {
  for (const nested of message.nestedType) {
    if (nested.options?.mapEntry !== true) {
      nameMapEntries(nested);
      continue;
    }
    const field = message.field.find(({ typeName }) => typeName === nested.name);
    const words = (field?.name ?? '').split('_');
    nested.name = `${words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('')}Entry`;
    if (field !== undefined) field.typeName = nested.name;
  }
}
