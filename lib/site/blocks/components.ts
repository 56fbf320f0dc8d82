import * as v from 'valibot';
import { gitFolderPatternProblem } from '../../model/git';
import { dnsSubdomain } from '../checks';
import { block, list, switched, text } from '../schema-parts';

export const externalSecrets = v.optional(
  block({
    /** Install External Secrets. Off where it is there already. */
    install: switched(true),
  }),
  {},
);

export const longhorn = v.optional(
  block({
    /** Install Longhorn. Off where it is there already, or where the volumes have another CSI driver. */
    install: switched(true),
  }),
  {},
);

export const snapshotController = v.optional(
  block({
    /** Install the CSI snapshot controller and its CRDs. Off where they are there already, as with RKE2 and many managed clusters. */
    install: switched(true),
  }),
  {},
);

export const kyverno = v.optional(
  block({
    /**
     * Install Kyverno. Off where it is there already: then the tree has the policies and the rights that they need, and the conditions under which Kyverno is
     * asked stand in the policies (`otherPvcPolicies`).
     */
    install: switched(true),
  }),
  {},
);

export const namespaces = v.optional(
  block({
    /** Make the namespaces of the components that the tree installs, with their Pod Security levels. Off where they are there already. */
    install: switched(true),
  }),
  {},
);

export const projects = v.optional(
  block({
    /** Make the AppProjects. Off where those named below are there already. */
    install: switched(true),
    /** Name of the project of what backups and restores need. */
    infrastructure: v.optional(dnsSubdomain, 'infrastructure'),
    /** Name of the project of alerts and dashboard. */
    monitoring: v.optional(dnsSubdomain, 'monitoring'),
    /** Name of the project of the users' applications. */
    myApps: v.optional(dnsSubdomain, 'my-apps'),
  }),
  {},
);

export const myApps = v.optional(
  block({
    /** Make the ApplicationSet and its project. Off where the applications get into the cluster another way. */
    install: switched(true),
    /**
     * Folder patterns in the Git repository, one Application for each match; none may reach into the platform's own folders.
     * @default - `my-apps/*` of the rendered tree and of the repository
     */
    directories: v.optional(list(text(gitFolderPatternProblem), 'is empty: name a folder, or leave myApps out')),
  }),
  {},
);
