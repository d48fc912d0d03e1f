import type { Manifest } from './kustomize.js';

/** Somebody in the network: a pod with its labels, or an address outside of the cluster. */
export interface Peer {
  readonly name: string;
  readonly namespace?: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly address?: string;
}

/** Who reaches whom where network policies are enforced, as the API reference of NetworkPolicy says. */
export class NetworkPolicies {
  constructor(
    private readonly policies: readonly Manifest[],
    private readonly namespace: string,
  ) {}

  let(from: Peer, to: Peer, port: number): boolean {
    return (
      this.direction('Egress', from, (rule) => matches(rule.to, rule, to, port, this.namespace)) &&
      this.direction('Ingress', to, (rule) => matches(rule.from, rule, from, port, this.namespace))
    );
  }

  /** A pod that no policy of a direction selects is open in it; one that any selects is open for what their rules name. */
  private direction(type: 'Egress' | 'Ingress', pod: Peer, isMatch: (rule: Manifest) => boolean): boolean {
    if (pod.namespace !== this.namespace) return true;
    const selecting = this.policies.filter(
      ({ spec }) => spec.policyTypes.includes(type) && selects(spec.podSelector, pod.labels),
    );
    return selecting.length === 0 || selecting.some(({ spec }) => (spec[type.toLowerCase()] ?? []).some(isMatch));
  }
}

function matches(
  peers: Manifest[] | undefined,
  { ports }: Manifest,
  other: Peer,
  port: number,
  namespace: string,
): boolean {
  if (ports !== undefined && !ports.some((each: Manifest) => each.port === port)) return false;
  if (peers === undefined || peers.length === 0) return true;
  return peers.some(({ podSelector, namespaceSelector, ipBlock }) => {
    if (ipBlock !== undefined) {
      if (other.address === undefined || !isWithin(other.address, ipBlock.cidr)) return false;
      return !(ipBlock.except ?? []).some((cidr: string) => isWithin(other.address as string, cidr));
    }
    if (other.namespace === undefined) return false;
    const isNamespace =
      namespaceSelector === undefined
        ? other.namespace === namespace
        : selects(namespaceSelector, { 'kubernetes.io/metadata.name': other.namespace });
    return isNamespace && (podSelector === undefined || selects(podSelector, other.labels));
  });
}

function selects({ matchLabels = {}, matchExpressions = [] }: Manifest, labels: Peer['labels']): boolean {
  return (
    Object.entries(matchLabels).every(([key, value]) => labels[key] === value) &&
    matchExpressions.every(({ key, operator, values }: Manifest) => {
      if (operator !== 'In') throw new Error(`${operator} is not known here`);
      return values.includes(labels[key]);
    })
  );
}

const numberOf = (address: string): number => address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);

function isWithin(address: string, cidr: string): boolean {
  const [network = '', bits = ''] = cidr.split('/');
  const size = 2 ** (32 - Number(bits));
  return Math.floor(numberOf(address) / size) === Math.floor(numberOf(network) / size);
}
