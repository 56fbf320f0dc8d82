import { guards } from '../model/alert-names';
import type { Site } from './schema';

/** What a site gives up, in a sentence each: nothing stops synth, but whoever renders should know. */
export function siteWarnings({ monitoring }: Pick<Site, 'monitoring'>): string[] {
  return monitoring.alerts.off
    .filter(guards)
    .map(
      (name) =>
        `site.monitoring.alerts.off: "${name}" is off, and nothing else tells in its case that a PVC is not protected (docs/runbooks/${name}.md): ` +
        'take it out of the list; a route of Alertmanager can keep it quiet',
    );
}
