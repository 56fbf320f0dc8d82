import { readFileSync, writeFileSync } from 'node:fs';
import { runningPrograms } from '../harness/daemon';
import { Loop } from '../harness/waiting';

const everyMs = 100;
/** Of /proc/PID/stat: Linux says times in hundredths of a second. */
const ticksPerSecond = 100;

/** What one program took. */
export interface Usage {
  /** Most memory that it had resident, in bytes. Pages of its file count too. */
  readonly peakBytes: number;
  /** Most that was its own and not a page of a file, which the kernel could take back. Between two looks it may have been more. */
  readonly ownBytes: number;
  readonly cpuSeconds: number;
}

interface Process {
  readonly name: string;
  readonly cpuBefore: number;
  readonly peakBytes: number;
  readonly ownBytes: number;
  readonly cpu: number;
}

/** Watches memory and processor time of every program of the cluster. The peaks are the kernel's own, so nothing between two looks is missed. */
export class Meter {
  private readonly processes = new Map<number, Process>();
  private begun = false;
  private readonly loop = new Loop('meter', everyMs, async () => this.look());

  /** Begins: what a program took before does not count. */
  start(): void {
    for (const pid of runningPrograms().values()) writeFileSync(`/proc/${pid}/clear_refs`, '5');
    this.look();
    this.begun = true;
    this.loop.start();
  }

  /** @returns by name of the program; one that was started again counts as one */
  async stop(): Promise<ReadonlyMap<string, Usage>> {
    await this.loop.stop();
    this.look();
    const all = new Map<string, Usage>();
    for (const { name, peakBytes, ownBytes, cpu, cpuBefore } of this.processes.values()) {
      const known = all.get(name) ?? { peakBytes: 0, ownBytes: 0, cpuSeconds: 0 };
      all.set(name, {
        peakBytes: Math.max(known.peakBytes, peakBytes),
        ownBytes: Math.max(known.ownBytes, ownBytes),
        cpuSeconds: known.cpuSeconds + cpu - cpuBefore,
      });
    }
    return all;
  }

  private look(): void {
    for (const [name, pid] of runningPrograms()) {
      try {
        const status = readFileSync(`/proc/${pid}/status`, 'utf8');
        const cpu = cpuOf(readFileSync(`/proc/${pid}/stat`, 'utf8'));
        const known = this.processes.get(pid);
        this.processes.set(pid, {
          name,
          cpuBefore: known?.cpuBefore ?? (this.begun ? 0 : cpu),
          peakBytes: Math.max(known?.peakBytes ?? 0, bytesIn(status, 'VmHWM')),
          ownBytes: Math.max(known?.ownBytes ?? 0, bytesIn(status, 'RssAnon')),
          cpu,
        });
      } catch {
        // It has just ended.
      }
    }
  }
}

/** Bytes of a field of /proc/PID/status. */
export function bytesIn(status: string, field: string): number {
  return Number(new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1] ?? 0) * 1024;
}

/** Seconds in user and kernel mode of /proc/PID/stat; the program's name in it may hold spaces. */
export function cpuOf(stat: string): number {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
}
