import { setTimeout as delay } from 'node:timers/promises';
import type { Config } from './config';
import { Log } from './log';
import { Plumber } from './plumber';
import { warmJit } from './burst';
import { Server } from './server';

/** A service that runs. */
export interface Service {
  readonly port: number;
  /** Stops taking questions, lets running answers finish, resolves when all is closed. */
  stop(drainMs: number): Promise<void>;
}

/** Starts the service; S3 and credentials may come later. @throws when the port is taken */
export async function serve(config: Config, log = new Log(config.logLevel)): Promise<Service> {
  const plumber = new Plumber(config, log);
  const server = new Server(plumber, config.maxConnections);
  const port = await server.listen(config.port);
  const { endpoint, bucket, budgetMs } = config;
  log.info('listening', { port, endpoint, bucket, budgetMs, storeIdSet: config.storeId !== undefined });
  plumber.start();
  if (config.warmUp) void warmJit(port, log);
  return {
    port,
    stop: async (drainMs) => {
      server.drain();
      await delay(drainMs);
      await server.close(config.budgetMs + 500);
      plumber.stop();
    },
  };
}

/** Starts the service as the process's only task: SIGTERM and SIGINT end it with code 0 when the last answer is out. */
export async function serveUntilSignal(config: Config): Promise<void> {
  const log = new Log(config.logLevel);
  const service = await serve(config, log);
  let stopping = false;
  const stop = (signal: NodeJS.Signals): void => {
    if (stopping) return;
    stopping = true;
    log.info('stopping', { signal });
    void service.stop(config.drainMs).then(() => {
      log.info('stopped');
      log.flush();
      process.exit(0);
    });
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}
