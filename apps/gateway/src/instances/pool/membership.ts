import { Instance, type InstanceModel } from '../instance.js';
import type { InstancePool } from './instance-pool.js';

export interface Membership {
  readonly members: readonly Instance[];
  readonly added: readonly Instance[];
  readonly gone: readonly Instance[];
}

/** The instances that the models name: those that are known keep their object. An origin that comes twice counts once. */
export function membershipOf(pool: InstancePool, models: readonly InstanceModel[]): Membership {
  const known = new Map(pool.members.map((member) => [member.model.origin, member]));
  const members = new Map<string, Instance>();
  const added: Instance[] = [];
  for (const model of models) {
    if (members.has(model.origin)) continue;
    let member = known.get(model.origin);
    if (member === undefined) added.push((member = new Instance(pool, model)));
    member.model = model;
    members.set(model.origin, member);
  }
  const gone = pool.members.filter((member) => !members.has(member.model.origin));
  return { members: [...members.values()], added, gone };
}
