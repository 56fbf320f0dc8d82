import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import * as http from 'node:http';
import { delimiter, dirname, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { dump, load, loadAll } from 'js-yaml';
import type { KubeObject } from './api';
import { ControlPlane } from './control-plane';
import { Daemon } from './daemon';
import { sandboxFile } from './sandbox';
import { tool } from './tools';
import { application, documents, repository } from './tree';
import { eventually } from './waiting';

const namespace = 'prometheus-stack';
/** Name that the chart gives its Alertmanager with the tree's `fullnameOverride`. */
const name = 'kube-prometheus-stack-alertmanager';
const alertmanager = { apiVersion: 'monitoring.coreos.com/v1', kind: 'Alertmanager', namespace, name } as const;
const chartsFolder = process.env['CHARTS_FROM'] ?? join(repository, '..', 'shared', 'charts');
const chartValues = join(chartsFolder, 'kube-prometheus-stack', 'values.yaml');
const readme = (): string => readFileSync(join(repository, 'README.md'), 'utf8');

/** Says why the Alertmanager of the chart can't be made, or undefined. */
export function chartProblem(): string | undefined {
  return existsSync(chartValues) ? undefined : `${chartValues} is missing (CHARTS_FROM)`;
}

/** How the operator keeps alerts of other namespaces from an AlertmanagerConfig. */
export interface MatcherStrategy {
  readonly type: 'None' | 'OnNamespace';
}

/** The chart's Alertmanager with the receiver of the README, as the real prometheus-operator configures it. The operator runs as an administrator. */
export class Alerting {
  static async start(): Promise<Alerting> {
    const plane = await ControlPlane.start();
    const alerting = new Alerting(plane);
    try {
      await alerting.begin();
      return alerting;
    } catch (error) {
      await alerting.stop();
      throw error;
    }
  }

  /** What the receiver got: one entry for each alert of each message. */
  readonly received: Readonly<Record<string, string>>[] = [];
  private readonly daemons: Daemon[] = [];
  private readonly configuration = sandboxFile('alertmanager/alertmanager.yaml');
  private readonly receiver = http.createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const { alerts } = JSON.parse(Buffer.concat(parts).toString('utf8')) as { alerts: { labels: Record<string, string> }[] };
      this.received.push(...alerts.map(({ labels }) => labels));
      response.end();
    });
  });

  private constructor(private readonly plane: ControlPlane) {}

  /** The receivers that an alert with these labels reaches in the configuration that the operator wrote. */
  receiversOf(labels: Readonly<Record<string, string>>): string {
    const pairs = Object.entries(labels).map(([key, value]) => `${key}=${value}`);
    const command = ['config', 'routes', 'test', `--config.file=${this.configuration}`, ...pairs];
    return execFileSync(tool('amtool'), command, { encoding: 'utf8' }).trim();
  }

  /** The configuration that the operator writes with another strategy. @default - the tree's */
  async configured(strategy: MatcherStrategy = treeStrategy()): Promise<void> {
    await this.applied({ ...alertmanagerObject(), spec: { ...alertmanagerObject()['spec'], alertmanagerConfigMatcherStrategy: strategy } });
    await this.written(
      `the configuration for ${strategy.type}`,
      (text) => text.includes('tell-me') && text.includes('namespace="alerting"') === (strategy.type === 'OnNamespace'),
    );
  }

  /** In place of README's receiver that of a site, whose secret values are in the Secret `told`. @param way how the operator writes it */
  async receivedBy(config: KubeObject, way: string): Promise<void> {
    for (const { metadata } of await this.plane.admin.list(config.apiVersion, config.kind))
      await this.plane.admin.delete({ ...metadata, apiVersion: config.apiVersion, kind: config.kind });
    const stringData = { url: 'http://127.0.0.1:9999/', token: '1:a', password: 'p' };
    await this.applied({ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'told', namespace }, stringData } as unknown as KubeObject);
    await this.applied(config);
    await this.applied(alertmanagerObject());
    // With the tree's strategy, in place of the one of an earlier configuration.
    const holds = (text: string): boolean =>
      text.includes(`${way}_configs`) && !text.includes('tell-me') && !text.includes(`namespace="${namespace}"`);
    await this.written(`the configuration with ${way}`, holds);
    // What Alertmanager itself would refuse.
    execFileSync(tool('amtool'), ['check-config', this.configuration], { encoding: 'utf8' });
  }

  /** Hands Alertmanager, which runs, the newest configuration and an alert. */
  async sent(labels: Readonly<Record<string, string>>): Promise<void> {
    const { status } = await fetch('http://127.0.0.1:9093/-/reload', { method: 'POST' });
    if (status !== 200) throw new Error(`Alertmanager does not take the configuration: ${status}`);
    const pairs = Object.entries(labels).map(([key, value]) => `${key}=${value}`);
    execFileSync(tool('amtool'), ['alert', 'add', '--alertmanager.url=http://127.0.0.1:9093', ...pairs]);
  }

  /** Waits until the operator has written a configuration, and takes it. */
  private async written(what: string, holds: (text: string) => boolean): Promise<void> {
    await eventually(`the operator writes ${what}`, 120, async () => {
      const found = await this.plane.admin.find({ apiVersion: 'v1', kind: 'Secret', namespace, name: `alertmanager-${name}-generated` });
      const packed = (found?.['data'] as Record<string, string> | undefined)?.['alertmanager.yaml.gz'];
      if (packed === undefined) return false;
      const text = gunzipSync(Buffer.from(packed, 'base64')).toString('utf8');
      if (!holds(text)) throw new Error(text);
      sandboxFile('alertmanager/alertmanager.yaml', text);
      return true;
    });
  }

  /** Starts Alertmanager with what the operator wrote, and runs the README's command as the container would. @returns the alert's name */
  async tried(): Promise<string> {
    const set = await this.plane.admin.find({ apiVersion: 'apps/v1', kind: 'StatefulSet', namespace, name: `alertmanager-${name}` });
    const containers = (set?.['spec'].template.spec.containers ?? []) as { readonly name: string }[];
    const [, target, container, command, alert] =
      /kubectl exec -n prometheus-stack (\S+) -c (\S+) -- \\\n\s*(amtool alert add (\w+) [^`]*)```/.exec(readme()) ?? [];
    if (target !== `${set?.metadata.name}-0` || !containers.some((each) => each.name === container))
      throw new Error(
        `the README names Pod ${target} and container ${container}; the operator makes ${set?.metadata.name} with ${containers.map((each) => each.name).join(', ')}`,
      );
    this.run(
      'alertmanager',
      `--config.file=${this.configuration}`,
      `--storage.path=${sandboxFile('alertmanager/data')}`,
      '--cluster.listen-address=',
      '--web.listen-address=127.0.0.1:9093',
    );
    await eventually('Alertmanager is ready', 60, async () => (await fetch('http://127.0.0.1:9093/-/ready')).ok);
    const path = [dirname(tool('amtool')), process.env['PATH']].join(delimiter);
    const { status, stderr } = spawnSync('bash', ['-c', command ?? 'false'], { encoding: 'utf8', env: { ...process.env, PATH: path } });
    if (status !== 0) throw new Error(`the command of the README fails: ${stderr}`);
    return alert ?? '';
  }

  async stop(): Promise<void> {
    await Promise.all(this.daemons.map((daemon) => daemon.stop('SIGKILL')));
    this.receiver.close();
    await this.plane.stop();
  }

  private async begin(): Promise<void> {
    await new Promise<void>((resolve) => void this.receiver.listen(9999, '127.0.0.1', resolve));
    for (const crd of operatorCrds()) await this.applied(crd);
    for (const each of [namespace, 'alerting']) await this.applied({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: each } });
    const config = (load(readFileSync(chartValues, 'utf8')) as { alertmanager: { config: object } }).alertmanager.config;
    await this.applied(secret(namespace, `alertmanager-${name}`, 'alertmanager.yaml', dump(config)));
    const [receiver] = receiverOfReadme();
    await this.applied(receiver);
    await this.applied(secret('alerting', 'tell-me', 'url', 'http://127.0.0.1:9999/'));
    await this.applied(alertmanagerObject());
    this.run('prometheus-operator', '--web.listen-address=127.0.0.1:8080');
  }

  private run(program: 'prometheus-operator' | 'alertmanager', ...args: readonly string[]): void {
    mkdirSync(sandboxFile('alertmanager/data'), { recursive: true });
    const daemon = new Daemon(program, tool(program), args, { KUBECONFIG: this.plane.adminKubeconfig });
    daemon.start();
    this.daemons.push(daemon);
  }

  private async applied(object: KubeObject): Promise<void> {
    await eventually(`${object.kind} ${object.metadata.name} is applied`, 60, async () => {
      const { status, message } = await this.plane.admin.apply(object);
      if (status >= 300) throw new Error(`${status} ${message}`);
      return true;
    });
  }
}

/** Those of the operator's own release, which `build.sh` keeps beside the program. */
function operatorCrds(): KubeObject[] {
  const folder = join(dirname(tool('prometheus-operator')), '..', 'crds');
  return readdirSync(folder).flatMap((file) => documents(join(folder, file)));
}

function treeStrategy(): MatcherStrategy {
  const { sources } = application('prometheus-stack')['spec'] as { sources: { helm?: { valuesObject: { alertmanager?: Data } } }[] };
  return (
    sources.find(({ helm }) => helm !== undefined)?.helm?.valuesObject.alertmanager?.alertmanagerSpec.alertmanagerConfigMatcherStrategy ?? {
      type: 'OnNamespace',
    }
  );
}

interface Data {
  readonly alertmanagerSpec: { readonly alertmanagerConfigMatcherStrategy?: MatcherStrategy };
}

/** As the chart renders it: it reads AlertmanagerConfigs of every namespace. */
function alertmanagerObject(): KubeObject {
  const { apiVersion, kind } = alertmanager;
  return {
    apiVersion,
    kind,
    metadata: { name, namespace },
    spec: { replicas: 1, alertmanagerConfigSelector: {}, alertmanagerConfigNamespaceSelector: {}, alertmanagerConfigMatcherStrategy: treeStrategy() },
  };
}

/** The example of the README: the AlertmanagerConfig. External Secrets would make its Secret. */
function receiverOfReadme(): [KubeObject] {
  const blocks = [...readme().matchAll(/```yaml\n(.*?)```/gs)].flatMap(([, text]) => loadAll(text ?? '') as KubeObject[]);
  const found = blocks.find(({ kind }) => kind === 'AlertmanagerConfig');
  if (found === undefined) throw new Error('the README has no AlertmanagerConfig');
  return [found];
}

function secret(where: string, called: string, key: string, value: string): KubeObject {
  return { apiVersion: 'v1', kind: 'Secret', metadata: { name: called, namespace: where }, stringData: { [key]: value } };
}
