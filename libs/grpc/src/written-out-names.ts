import type { DescriptorProto, FileDescriptorProto } from '@bufbuild/protobuf/wkt';

/**
 * Gives fields the names that protoc gives them. proto-loader leaves those of types as they stand in the source, relative
 * to where they are used, and has none for JSON.
 */
export function writeOutNames(files: readonly FileDescriptorProto[]): void {
  const known = new Set(files.flatMap((file) => namesIn(`.${file.package}`, file)));
  const inFull = (scope: string, name: string): string => {
    if (name === '' || name.startsWith('.')) return name;
    const candidate = `${scope}.${name}`;
    if (known.has(candidate)) return candidate;
    return scope === '' ? `.${name}` : inFull(scope.slice(0, scope.lastIndexOf('.')), name);
  };
  const nameFields = (scope: string, message: DescriptorProto): void => {
    const own = `${scope}.${message.name}`;
    for (const field of message.field) {
      field.typeName = inFull(own, field.typeName);
      field.jsonName = field.name.replaceAll(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
    }
    for (const nested of message.nestedType) nameFields(own, nested);
  };
  for (const file of files) {
    const scope = `.${file.package}`;
    for (const message of file.messageType) nameFields(scope, message);
    for (const method of file.service.flatMap((service) => service.method)) {
      method.inputType = inFull(scope, method.inputType);
      method.outputType = inFull(scope, method.outputType);
    }
  }
}

function namesIn(scope: string, { enumType, ...rest }: FileDescriptorProto | DescriptorProto): string[] {
  const messages = 'messageType' in rest ? rest.messageType : rest.nestedType;
  return [
    ...enumType.map(({ name }) => `${scope}.${name}`),
    ...messages.flatMap((message) => [`${scope}.${message.name}`, ...namesIn(`${scope}.${message.name}`, message)]),
  ];
}
