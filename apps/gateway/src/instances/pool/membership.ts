import { Instance, type InstanceModel } from '../instance.js';
import type { Roster } from './roster.js';

export interface Membership {
  readonly members: readonly Instance[];
  readonly added: readonly Instance[];
  readonly gone: readonly Instance[];
}

/** The instances that the models name: those that are known keep their object. An origin that comes twice counts once. */
export function membershipOf(roster: Roster, models: readonly InstanceModel[]): Membership {
  const known = new Map(roster.members.map((member) => [member.model.origin, member]));
  const members = new Map<string, Instance>();
  const added: Instance[] = [];
  for (const model of models) {
    if (members.has(model.origin)) continue;
    let member = known.get(model.origin);
    if (member === undefined) added.push((member = new Instance(roster, model)));
    member.model = model;
    members.set(model.origin, member);
  }
  const gone = roster.members.filter((member) => !members.has(member.model.origin));
  return { members: [...members.values()], added, gone };
}
