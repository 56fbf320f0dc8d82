import * as http from 'node:http';
import { isDnsLabel, isDnsSubdomain } from '../lib/model/kubernetes-name';
import type { Answer } from '../lib/model/decision';
import type { PvcRef } from '../lib/model/naming';
import { type Plumber, unknown } from './plumber';

interface Reply {
  readonly status: number;
  readonly body: string;
  readonly type?: string;
}

/** Longer than Go's client keeps an idle connection (90 s), so that never the server closes one on which a question is under way. */
const keepAliveMs = 120_000;

/** HTTP in front of a {@link Plumber}: the question and what Kubernetes and Prometheus ask. */
export class Server {
  private readonly http: http.Server;
  private draining = false;
  private readonly outbox: (() => void)[] = [];

  constructor(private readonly plumber: Plumber) {
    this.http = http.createServer({ keepAliveTimeout: keepAliveMs, headersTimeout: 10_000, requestTimeout: 10_000 }, (request, response) => {
      const path = pathOf(request);
      const route = routeOf(path);
      // A caller without an answer refuses the PVC, which is right whatever went wrong here.
      const fail = (): void => void response.destroy();
      const guarded = (act: () => void): void => {
        try {
          act();
        } catch {
          fail();
        }
      };
      const post = (reply: Reply): void => this.post(() => guarded(() => this.send(response, route, reply)));
      guarded(() => {
        // No body is waited for; Node drops one that somebody sends.
        const reply = request.method === 'GET' ? this.replyTo(route, path) : plain(405, 'only GET is answered');
        if (reply instanceof Promise) reply.then(post).catch(fail);
        else post(reply);
      });
    });
  }

  /** @returns the port it listens on @throws when the port is taken */
  listen(port: number): Promise<number> {
    return new Promise((resolve, reject) => {
      this.http.once('error', reject);
      // The default backlog (511) turns connections of a storm away for a second.
      this.http.listen({ port, backlog: 4096 }, () => {
        const address = this.http.address();
        resolve(typeof address === 'object' && address !== null ? address.port : port);
      });
    });
  }

  /** Says "not ready" from now on, so that the Service sends no more questions; those that still come are answered. */
  drain(): void {
    this.draining = true;
  }

  /** Resolves when the last answer is out. @param patienceMs then connections are broken, in milliseconds */
  close(patienceMs: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.http.closeAllConnections(), patienceMs);
      this.http.close(() => {
        clearTimeout(timer);
        resolve();
      });
      this.http.closeIdleConnections();
    });
  }

  /**
   * Sends at the end of the turn of the event loop, together with what else was answered in it. In a storm the one who asked is awake then; to wake him for each
   * answer costs as much as the answer.
   */
  private post(send: () => void): void {
    if (this.outbox.length === 0) setImmediate(() => this.outbox.splice(0).forEach((each) => each()));
    this.outbox.push(send);
  }

  private send(response: http.ServerResponse, route: Route, { status, body, type = 'application/json' }: Reply): void {
    this.plumber.metrics.request(route, status);
    // A flat list, which Node writes as it is.
    response.writeHead(status, [
      'content-type',
      type,
      'content-length',
      String(Buffer.byteLength(body)),
      'cache-control',
      'no-store',
      ...(status === 405 ? ['allow', 'GET'] : []),
      ...(this.draining ? ['connection', 'close'] : []),
    ]);
    response.end(body);
  }

  private replyTo(route: Route, path: string): Reply | Promise<Reply> {
    switch (route) {
      case 'exists':
        return this.exists(path);
      case 'healthz':
        return plain(200, 'ok');
      case 'readyz':
        // Never a question of S3: a Pod that the Service has dropped can't tell anybody why the answer is "unknown".
        return this.draining ? plain(503, 'shutting down') : plain(200, 'ok');
      case 'metrics':
        return this.metrics();
      case 'other':
        return plain(404, 'try /exists/{namespace}/{pvc}, /healthz, /readyz or /metrics');
    }
  }

  private async metrics(): Promise<Reply> {
    return { status: 200, body: await this.plumber.scrape(), type: this.plumber.metrics.registry.contentType };
  }

  private exists(path: string): Reply | Promise<Reply> {
    const question = parseQuestion(path);
    if ('problem' in question) return { status: 400, body: JSON.stringify(unknown(question, question.problem)) };
    const answer = this.plumber.answer(question);
    return answer instanceof Promise ? answer.then(replyOf) : replyOf(answer);
  }
}

function replyOf(answer: Answer): Reply {
  return { status: statusOf(answer), body: JSON.stringify(answer) };
}

/** Only a proven answer is a success: Kyverno takes whatever comes with 2xx at its word. */
function statusOf({ authoritative }: Answer): number {
  return authoritative ? 200 : 503;
}

type Route = 'exists' | 'healthz' | 'readyz' | 'metrics' | 'other';

function pathOf({ url = '' }: http.IncomingMessage): string {
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
  if (!isDnsLabel(namespace)) return { ...shown, problem: 'that is no name of a namespace: 1 to 63 lower-case letters, digits and dashes' };
  if (!isDnsSubdomain(name)) return { ...shown, problem: 'that is no name of a PVC: 1 to 253 lower-case letters, digits, dashes and dots' };
  return { namespace, name };
}

function plain(status: number, message: string): Reply {
  return { status, body: JSON.stringify(status < 400 ? { status: message } : { error: message }) };
}
