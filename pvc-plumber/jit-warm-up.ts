import * as http from 'node:http';
import type { Log } from './log';

/** V8 has compiled the way of an answer after some thousand of them; measured with `npm run bench -- plumber`. */
const answers = 8000;
const connections = 64;

/**
 * Asks the service for its own health again and again, so that the storm of a new cluster, which meets a process that has just started, does not also
 * meet code that was never run. Takes about two seconds of CPU, and gives up at the first failure: nothing depends on it.
 */
export async function warmJit(port: number, log: Log): Promise<void> {
  const started = performance.now();
  const agent = new http.Agent({ keepAlive: true, maxSockets: connections });
  try {
    await Promise.all(
      Array.from({ length: connections }, async () => {
        for (let i = 0; i < answers / connections; i += 1) await health(port, agent);
      }),
    );
    log.info('the code of an answer is compiled', { answers, seconds: Math.round(performance.now() - started) / 1000 });
  } catch (error) {
    log.debug('warming the JIT compiler failed', { reason: (error as Error).message });
  } finally {
    agent.destroy();
  }
}

function health(port: number, agent: http.Agent): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = http.get({ host: '127.0.0.1', port, path: '/healthz', agent }, (response) => void response.resume().on('end', resolve));
    request.on('error', reject);
  });
}
