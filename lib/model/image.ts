/** Tags that move from one image to the next. */
const moving = ['latest', 'main', 'master', 'edge', 'nightly', 'stable', 'dev', 'canary'];

const part = String.raw`[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*`;
const host = String.raw`(?:[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?)*|\[[a-fA-F0-9:]+\])(?::[0-9]+)?`;
/** Registry, repository, tag and digest, as kubelet reads them (`github.com/distribution/reference`). */
const reference = new RegExp(String.raw`^(?:(${host})/)?(${part}(?:/${part})*)(?::(\w[\w.-]{0,127}))?(?:@(sha256:[a-f0-9]{64}))?$`);

/** Says what is wrong with the name of an image, or undefined: it must be one that a kubelet can pull, and always the same image. */
export function imageProblem(image: string): string | undefined {
  const want = 'write registry/path:tag or registry/path@sha256:…';
  const shown = JSON.stringify(image);
  const [, registry, name, tag, digest] = reference.exec(image) ?? [];
  if (name === undefined || name.length > 255) return `${shown} is not a valid image name: ${want}`;
  if (registry === undefined && !name.includes('/')) return `${shown} is one of Docker's own images (docker.io/library): ${want}`;
  if (digest === undefined && tag === undefined) return `${shown} is not a pinned image: ${want}`;
  if (digest === undefined && moving.includes(tag!)) return `${shown} is not a pinned image, the tag ${tag} moves: ${want}`;
  return undefined;
}
