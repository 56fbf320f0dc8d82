/** Whose turn it is: clients take turns, and so do the namespaces of each client's questions. */
export interface Lane {
  /** Address of the one who asks. */
  readonly client: string;
  readonly namespace: string;
}

/** What waits, given out in turns: nobody waits for the long queue of another one. First come, first served within a lane. */
export class Turns<T> {
  private readonly clients = new Map<string, Map<string, Set<T>>>();
  private count = 0;

  get size(): number {
    return this.count;
  }

  add({ client, namespace }: Lane, item: T): void {
    const lanes = this.clients.get(client) ?? new Map<string, Set<T>>();
    const lane = lanes.get(namespace) ?? new Set<T>();
    this.clients.set(client, lanes.set(namespace, lane.add(item)));
    this.count += 1;
  }

  remove({ client, namespace }: Lane, item: T): void {
    const lanes = this.clients.get(client);
    const lane = lanes?.get(namespace);
    if (lanes === undefined || lane?.delete(item) !== true) return;
    this.count -= 1;
    if (lane.size === 0) lanes.delete(namespace);
    if (lanes.size === 0) this.clients.delete(client);
  }

  take(): T | undefined {
    const [client] = this.clients;
    const [lane] = client?.[1] ?? [];
    if (client === undefined || lane === undefined) return undefined;
    const [[name, lanes], [namespace, items]] = [client, lane];
    const [item] = items;
    // Behind the others, for the next turn.
    this.clients.delete(name);
    this.clients.set(name, lanes);
    lanes.delete(namespace);
    lanes.set(namespace, items);
    this.remove({ client: name, namespace }, item as T);
    return item;
  }
}
