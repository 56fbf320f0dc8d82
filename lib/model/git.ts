import { isDnsSubdomain } from './kubernetes-name';
import { hasBlanks, loopbackProblem } from './object-store';

const wanted = 'write https://host/path, ssh://user@host/path or user@host:path';

/** Says what is wrong with the URL of a Git repository as Argo CD takes it, or undefined. Never repeats a URL that may hold a secret. */
export function gitUrlProblem(url: string): string | undefined {
  const secret = credentialProblem(url);
  if (secret !== undefined) return secret;
  const shown = JSON.stringify(url);
  if (hasBlanks(url)) return `${shown} is not a Git URL: it holds white space or a control character; ${wanted}`;
  // A user name is not a secret with ssh: without the key it opens nothing.
  const scp = /^[\w.-]+@([^:/@]+):(?!\/\/)([^@]+)$/.exec(url);
  const [, host, path] = scp ?? /^(?:https?|ssh):\/\/(?:[^@/]+@)?([^@/]+)\/([^@]+)$/.exec(url) ?? [];
  if (host === undefined || path === undefined) return `${shown} is not a Git URL with a host and a repository: ${wanted}`;
  if (/[?#\\{}]/.test(url)) return `${shown} has a "?", a "#", a brace or a backslash, which no repository has: ${wanted}`;
  return (
    hostProblem(shown, scp === null ? url.replace(/^ssh:/, 'http:') : `http://${host}`) ??
    pathProblem(shown, host, scp === null ? path : path.replace(/^\//, ''))
  );
}

/** Says that a URL holds a credential, or undefined. The text never holds the URL. */
export function credentialProblem(url: string): string | undefined {
  const [, scheme, user] = /^([a-z][a-z0-9+.-]*):\/\/([^/]*)@/i.exec(url) ?? [];
  const token = /(gh[pousr]_|github_pat_|glpat-|xox[bp]-)\w{8,}|[?&](\w*token|password|api_?key)=/i.test(url);
  if (!token && (user === undefined || (scheme!.toLowerCase() === 'ssh' && !user.includes(':')))) return undefined;
  return (
    'the URL holds a credential, which would be committed and sent with every alert: take it out, revoke it, and give it to Argo CD in a Secret with the ' +
    'label argocd.argoproj.io/secret-type=repository'
  );
}

/** Says what is wrong with a Helm repository as Argo CD takes it, or undefined: a URL, or a registry without any scheme. */
export function chartRepositoryProblem(repository: string): string | undefined {
  const secret = credentialProblem(repository);
  if (secret !== undefined) return secret;
  const shown = JSON.stringify(repository);
  const want = 'write https://host/path, or host/path for a registry (without oci://)';
  if (hasBlanks(repository) || /[?#{}\\]/.test(repository)) return `${shown} is not a Helm repository: ${want}`;
  const url = /^https?:\/\//.test(repository) ? repository : `https://${repository}`;
  const registry = url === repository || /^[a-z0-9.-]+(:\d+)?(\/[a-z0-9._-]+)+$/.test(repository);
  if (!registry || !URL.canParse(url) || new URL(url).hostname === '' || new URL(url).port === '0')
    return `${shown} is not a Helm repository: ${want}`;
  return loopbackProblem(url) === undefined ? undefined : `${shown} is Argo CD's own Pod: ${want}`;
}

/** Says what is wrong with the URL of a page for people, or undefined. */
export function webUrlProblem(url: string): string | undefined {
  const secret = credentialProblem(url);
  if (secret !== undefined) return secret;
  return /^https?:\/\/[^/]/.test(url) && URL.canParse(url) && !hasBlanks(url) && !url.includes('{{')
    ? undefined
    : `${JSON.stringify(url)} is not a URL of a page: write https://host/path`;
}

function hostProblem(shown: string, url: string): string | undefined {
  if (!URL.canParse(url)) return `${shown} has no host, or a port beyond 65535: ${wanted}`;
  const { hostname, port } = new URL(url);
  const known = hostname.startsWith('[') || isDnsSubdomain(hostname);
  if (!known || port === '0' || !url.toLowerCase().includes(hostname))
    return `${shown} has no host that is a name or an address, or the port 0: ${wanted}`;
  return loopbackProblem(`http://${hostname}`) === undefined ? undefined : `${shown} is Argo CD's own Pod: write the address of the Git server`;
}

/** Hosts whose repositories all have an owner. */
const owned = ['github.com', 'gitlab.com', 'codeberg.org', 'bitbucket.org'];

function pathProblem(shown: string, host: string, path: string): string | undefined {
  const segments = path.replace(/\/$/, '').split('/');
  if (segments.some((segment) => ['', '.', '..'].includes(segment))) return `${shown} has an empty part, "." or ".." in its path: ${wanted}`;
  if (/\/(tree|blob)\/|\/src\/branch\//.test(`/${path}`)) return `${shown} is a page of the Git host: write the URL that \`git clone\` takes`;
  if (owned.includes(host) && segments.length < 2)
    return `${shown} names no repository: write owner and repository, https://${host}/owner/repository`;
  return undefined;
}

/** Says what is wrong with the name of a branch, tag or commit, or undefined. Rules of `git check-ref-format`, no option and no template in disguise. */
export function gitRevisionProblem(revision: string): string | undefined {
  // eslint-disable-next-line no-control-regex -- control characters are what is looked for
  const wrong = revision === '' || /[\s\u0000-\u0020\u007f~^:?*[\\]|\.\.|@\{|\/\/|^[-/]|[/.]$|^@$|(^|\/)\.|\.lock(\/|$)|\{\{/.test(revision);
  return wrong ? `${JSON.stringify(revision)} is not a branch, tag or commit: write its name, without spaces or patterns` : undefined;
}

/** Says what is wrong with a folder of the repository, or undefined; the empty one is its root. */
export function gitFolderProblem(folder: string): string | undefined {
  if (folder === '') return undefined;
  const segments = folder.split('/');
  const fine = segments.every((segment) => /^[\w.-]+$/.test(segment) && !/^\.{1,2}$|^\.git$/i.test(segment));
  return fine
    ? undefined
    : `${JSON.stringify(folder)} is not a folder of the repository: names with slashes between them, without "." or "..", patterns and spaces`;
}

/** Says what is wrong with a pattern of folders in the repository, or undefined. `*` stands for any name, not for a slash. */
export function gitFolderPatternProblem(pattern: string): string | undefined {
  const fine = pattern.split('/').every((segment) => /^[\w.*-]+$/.test(segment) && !/^\.{1,2}$|^\.git$/i.test(segment));
  return fine ? undefined : `${JSON.stringify(pattern)} is not a folder of the repository: no slashes at its ends, no "." or "..", no spaces`;
}

/**
 * Whether a pattern of folders matches a folder, something above it, or something in it. An Application that reads a folder reads all that is below it, too.
 * An empty folder is the root, into which every pattern reaches.
 */
export function reaches(pattern: string, folder: string): boolean {
  if (folder === '') return true;
  const folders = folder.split('/');
  return pattern
    .split('/')
    .slice(0, folders.length)
    .every((segment, index) => globMatches(segment, folders[index]!));
}

/** Whether a name matches a pattern in which `*` stands for any number of characters. */
export function globMatches(pattern: string, name: string): boolean {
  const [head, ...rest] = pattern.split('*') as [string, ...string[]];
  if (rest.length === 0) return head === name;
  const tail = rest.pop()!;
  if (name.length < head.length + tail.length || !name.startsWith(head) || !name.endsWith(tail)) return false;
  let at = head.length;
  for (const part of rest) {
    const found = name.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return at <= name.length - tail.length;
}
