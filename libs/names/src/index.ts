export { type Address, Names, names, type NamesOptions } from './names.js';
export { NamesModule } from './names.module.js';
export { NameServers, type NameServersOptions } from './name-servers.js';
