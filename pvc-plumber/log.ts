/** Levels by weight. */
const weights = { debug: 10, info: 20, warn: 30, error: 40 } as const;

export type LogLevel = keyof typeof weights;

export const logLevels = ['debug', 'info', 'warn', 'error'] as const satisfies readonly LogLevel[];

/** Values that may stand in a log line: never a header, a body or a credential. */
export type LogFields = Readonly<Record<string, string | number | boolean | undefined>>;

/** One JSON object a line on standard output. Lines of one turn of the event loop are written together: in a burst each write costs as much as an answer. */
export class Log {
  private lines = '';

  constructor(
    private readonly level: LogLevel,
    private readonly write: (line: string) => void = (line) => void process.stdout.write(line),
  ) {}

  debug(message: string, fields?: LogFields): void {
    this.line('debug', message, fields);
  }

  info(message: string, fields?: LogFields): void {
    this.line('info', message, fields);
  }

  warn(message: string, fields?: LogFields): void {
    this.line('warn', message, fields);
  }

  error(message: string, fields?: LogFields): void {
    this.line('error', message, fields);
  }

  /** Writes what waits; has to be called before the process ends. */
  flush(): void {
    const { lines } = this;
    this.lines = '';
    if (lines !== '') this.write(lines);
  }

  private line(level: LogLevel, message: string, fields?: LogFields): void {
    if (weights[level] < weights[this.level]) return;
    if (this.lines === '') setImmediate(() => this.flush());
    this.lines += `${JSON.stringify({ time: new Date().toISOString(), level, message, ...fields })}\n`;
  }
}
