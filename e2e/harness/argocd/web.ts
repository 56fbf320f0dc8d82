import { execFileSync, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import * as https from 'node:https';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { sandboxFile } from '../sandbox';

/** A packed chart. */
export interface PackedChart {
  readonly name: string;
  readonly version: string;
  readonly file: string;
}

/**
 * The part of the Internet that Argo CD asks: every host that the tree names, on this machine, with a certificate of its own. It serves Git repositories below
 * a folder, and one index of charts for whatever host is asked.
 */
export class Web {
  /** The certificate, which is its own authority. */
  readonly certificate = sandboxFile('web/tls.crt');
  private readonly server: https.Server;
  /** Requests that are refused, as while a registry is away. */
  away: (path: string) => boolean = () => false;

  constructor(
    hosts: readonly string[],
    private readonly repositories: string,
    private readonly charts: readonly PackedChart[],
  ) {
    const names = hosts.map((host) => `DNS:${host}`).join(',');
    const key = sandboxFile('web/tls.key');
    const request = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2', '-subj', '/CN=e2e'];
    execFileSync('openssl', [...request, '-addext', `subjectAltName=${names}`, '-keyout', key, '-out', this.certificate], { stdio: 'pipe' });
    const known = readFileSync('/etc/hosts', 'utf8');
    // Written in place: the file is mounted over /etc/hosts.
    sandboxFile('hosts', `${known}127.0.0.1 ${hosts.join(' ')}\n`);
    this.server = https.createServer({ key: readFileSync(key), cert: readFileSync(this.certificate) }, (request_, response) =>
      this.answer(request_, response),
    );
  }

  async start(): Promise<void> {
    await new Promise<void>((resolve) => void this.server.listen(443, '127.0.0.1', resolve));
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise<void>((resolve) => void this.server.close(() => resolve()));
  }

  private answer(request: IncomingMessage, response: ServerResponse): void {
    const { pathname, search } = new URL(request.url ?? '/', 'https://localhost');
    if (this.away(pathname)) return void response.writeHead(503).end();
    const chart = this.charts.find(({ name, version }) => pathname.endsWith(`/${name}-${version}.tgz`));
    if (chart !== undefined) return void response.writeHead(200).end(readFileSync(chart.file));
    if (pathname.endsWith('/index.yaml')) return void response.writeHead(200).end(JSON.stringify(this.index(String(request.headers.host))));
    if (pathname.includes('.git/')) return this.git(request, response, pathname, search.slice(1));
    response.writeHead(404).end();
  }

  private index(host: string): object {
    const entries = this.charts.map(
      ({ name, version }) => [name, [{ name, version, urls: [`https://${host}/packed/${name}-${version}.tgz`] }]] as const,
    );
    return { apiVersion: 'v1', entries: Object.fromEntries(entries) };
  }

  private git(request: IncomingMessage, response: ServerResponse, path: string, query: string): void {
    const header = (name: string): string => String(request.headers[name] ?? '');
    const child = spawn('git', ['http-backend'], {
      stdio: ['pipe', 'pipe', 'inherit'],
      env: {
        PATH: process.env['PATH'] ?? '',
        GIT_PROJECT_ROOT: this.repositories,
        GIT_HTTP_EXPORT_ALL: '1',
        REQUEST_METHOD: request.method ?? 'GET',
        PATH_INFO: path,
        QUERY_STRING: query,
        CONTENT_TYPE: header('content-type'),
        HTTP_CONTENT_ENCODING: header('content-encoding'),
        GIT_PROTOCOL: header('git-protocol'),
      },
    });
    request.pipe(child.stdin);
    const parts: Buffer[] = [];
    child.stdout.on('data', (part: Buffer) => parts.push(part));
    child.on('close', () => {
      const all = Buffer.concat(parts);
      const end = all.indexOf('\r\n\r\n');
      const headers = new Map(
        all
          .subarray(0, end)
          .toString('latin1')
          .split('\r\n')
          .map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trim()] as const),
      );
      const status = Number(headers.get('Status')?.slice(0, 3) ?? 200);
      headers.delete('Status');
      response.writeHead(status, Object.fromEntries(headers)).end(all.subarray(end + 4));
    });
  }
}
