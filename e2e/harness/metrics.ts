import type { Api } from './api';

/** What a program says in Prometheus' text format, all of one moment. */
export class Metrics {
  static async ofApiServer(api: Api): Promise<Metrics> {
    return new Metrics(String((await api.request('GET', '/metrics')).body['message']));
  }

  private readonly lines: readonly string[];

  constructor(text: string) {
    this.lines = text.split('\n');
  }

  /** Sum of the series of a name. @param labels texts that their labels contain, for example `verb="LIST"` */
  sum(name: string, ...labels: readonly string[]): number {
    return this.lines
      .filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `))
      .filter((line) => labels.every((label) => line.includes(label)))
      .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' '))), 0);
  }
}
