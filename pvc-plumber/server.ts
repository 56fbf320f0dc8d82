import { isDnsLabel, isDnsSubdomain } from '../lib/model/kubernetes-name';
import type { Answer } from '../lib/model/decision';
import { explainQuery, type PvcRef } from '../lib/model/naming';
import type { Reply } from './http/connection';
import { Listener } from './http/listener';
import type { Request } from './http/request';
import { type Plumber, unknown } from './plumber';

const json = 'application/json';

/** How long the text of the metrics is given again, in milliseconds. */
const scrapeMs = 200;

/** Scrapes that are being written: of all clients, and of one. What a client does not read lies in the memory of the system, a megabyte for a thousand PVCs. */
const mostScrapes = { all: 16, client: 2 } as const;

/** HTTP in front of a {@link Plumber}: the question and what Kubernetes and Prometheus ask. */
export class Server {
  private readonly listener: Listener;
  private draining = false;
  private scrape: Promise<Reply> | undefined;
  /** How many scrapes of each client are being written. */
  private readonly scrapes = new Map<string, number>();

  /** @param maxConnections most clients' connections at once */
  constructor(
    private readonly plumber: Plumber,
    maxConnections: number,
  ) {
    this.listener = new Listener((request, client) => this.handle(request, client), maxConnections);
  }

  /** @returns the port it listens on @throws when the port is taken */
  listen(port: number): Promise<number> {
    return this.listener.listen(port);
  }

  /** Says "not ready" from now on, so that the Service sends no more questions; those that still come are answered. */
  drain(): void {
    this.draining = true;
    this.listener.drain();
  }

  /** Resolves when the last answer is out. @param patienceMs then connections are broken, in milliseconds */
  close(patienceMs: number): Promise<void> {
    return this.listener.close(patienceMs);
  }

  private handle({ method, target }: Request, client: string): Reply | Promise<Reply> {
    const path = pathOf(target);
    const route = routeOf(path);
    const counted = (reply: Reply): Reply => {
      this.plumber.metrics.request(route, reply.status);
      return reply;
    };
    // A caller without an answer refuses the PVC, which is right whatever went wrong here.
    const explain = target.slice(path.length) === `?${explainQuery}`;
    const reply =
      method === 'GET' ? this.replyTo(route, path, client, explain) : { ...plain(405, 'only GET is answered'), headers: 'allow: GET\r\n' };
    return reply instanceof Promise ? reply.then(counted) : counted(reply);
  }

  private replyTo(route: Route, path: string, client: string, explain: boolean): Reply | Promise<Reply> {
    switch (route) {
      case 'exists':
        return this.exists(path, client, explain);
      case 'healthz':
        return plain(200, 'ok');
      case 'readyz':
        // Never a question of S3: a Pod that the Service has dropped can't tell anybody why the answer is "unknown".
        return this.draining ? plain(503, 'shutting down') : plain(200, 'ok');
      case 'metrics':
        return this.metrics(client);
      case 'other':
        return plain(404, 'try /exists/{namespace}/{pvc}, /healthz, /readyz or /metrics');
    }
  }

  /** One text for all who ask while it is made or just was: it costs as much as a hundred answers. */
  private metrics(client: string): Reply | Promise<Reply> {
    const { registry } = this.plumber.metrics;
    const all = [...this.scrapes.values()].reduce((sum, each) => sum + each, 0);
    const own = this.scrapes.get(client) ?? 0;
    if (all >= mostScrapes.all || own >= mostScrapes.client) return plain(503, 'too many scrapes at the same moment: ask again');
    this.scrapes.set(client, own + 1);
    const done = (): void => {
      const left = (this.scrapes.get(client) ?? 1) - 1;
      if (left > 0) this.scrapes.set(client, left);
      else this.scrapes.delete(client);
    };
    this.scrape ??= this.plumber
      .scrape()
      .then(({ own: text, backups }) => ({
        status: 200,
        body: Buffer.from(text),
        type: registry.contentType,
        ...(backups === undefined ? {} : { tail: backups }),
      }))
      .finally(() => void setTimeout(() => (this.scrape = undefined), scrapeMs).unref());
    return this.scrape.then(
      (reply) => ({ ...reply, done }),
      (error: unknown) => {
        done();
        throw error;
      },
    );
  }

  /** @param explain for a caller that reads no body but that of a success, as Kyverno does */
  private exists(path: string, client: string, explain: boolean): Reply | Promise<Reply> {
    const question = parseQuestion(path);
    if ('problem' in question) return { status: 400, type: json, body: JSON.stringify(unknown(question, question.problem)) };
    const answer = this.plumber.answer(question, client);
    const reply = (given: Answer): Reply => replyOf(given, explain);
    return answer instanceof Promise ? answer.then(reply) : reply(answer);
  }
}

function replyOf(answer: Answer, explain: boolean): Reply {
  return { status: explain ? 200 : statusOf(answer), type: json, body: JSON.stringify(answer) };
}

/** Only a proven answer is a success, for callers that look no further than the status. */
function statusOf({ authoritative }: Answer): number {
  return authoritative ? 200 : 503;
}

type Route = 'exists' | 'healthz' | 'readyz' | 'metrics' | 'other';

function pathOf(url: string): string {
  const end = url.indexOf('?');
  return end < 0 ? url : url.slice(0, end);
}

function routeOf(path: string): Route {
  if (path === '/exists' || path.startsWith('/exists/')) return 'exists';
  if (path === '/healthz' || path === '/readyz' || path === '/metrics') return path.slice(1) as Route;
  return 'other';
}

/**
 * Reads `/exists/{namespace}/{pvc}`. Nothing is decoded or normalised: a name that Kubernetes accepts needs neither, and what needs it
 * (`%2F`, `..`) would ask for the backup of another PVC.
 */
function parseQuestion(path: string): PvcRef | (PvcRef & { problem: string }) {
  const [namespace = '', name = '', ...rest] = path.split('/').slice(2);
  const shown = { namespace: namespace.slice(0, 63), name: name.slice(0, 253) };
  if (rest.length > 0) return { ...shown, problem: 'ask for /exists/{namespace}/{pvc} and nothing behind it' };
  if (!isDnsLabel(namespace)) return { ...shown, problem: 'that is not a valid namespace name: 1 to 63 lower-case letters, digits and dashes' };
  if (!isDnsSubdomain(name)) return { ...shown, problem: 'that is not a valid PVC name: 1 to 253 lower-case letters, digits, dashes and dots' };
  return { namespace, name };
}

function plain(status: number, message: string): Reply {
  return { status, type: json, body: JSON.stringify(status < 400 ? { status: message } : { error: message }) };
}
