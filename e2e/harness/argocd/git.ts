import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { sandboxFile } from '../sandbox';

/** The Git repository of the site, and a person's clone of it. */
export class Git {
  /** Folder of the repositories, as a Git server has them. */
  static readonly root = (): string => sandboxFile('git');
  private readonly clone = sandboxFile('clone');

  /** @param path of the repository at its host, like `/example/cluster.git` */
  constructor(path: string) {
    const bare = join(Git.root(), path);
    mkdirSync(dirname(bare), { recursive: true });
    execFileSync('git', ['init', '--quiet', '--bare', '--initial-branch=main', bare], { stdio: 'pipe' });
    execFileSync('git', ['clone', '--quiet', bare, this.clone], { stdio: 'pipe' });
  }

  read(path: string): string {
    return readFileSync(join(this.clone, path), 'utf8');
  }

  write(path: string, text: string): void {
    mkdirSync(dirname(join(this.clone, path)), { recursive: true });
    writeFileSync(join(this.clone, path), text);
  }

  /** Files of a folder, by path. */
  list(folder: string): string[] {
    return readdirSync(join(this.clone, folder)).map((name) => join(folder, name));
  }

  remove(path: string): void {
    rmSync(join(this.clone, path), { recursive: true, force: true });
  }

  /** Commits whatever changed, and pushes. @returns the commit */
  push(message: string): string {
    const git = (...args: string[]): string =>
      execFileSync('git', ['-C', this.clone, '-c', 'user.name=e2e', '-c', 'user.email=e2e@example.com', ...args], { encoding: 'utf8' });
    git('add', '--all');
    git('commit', '--quiet', '--allow-empty', '-m', message);
    git('push', '--quiet', 'origin', 'HEAD:main');
    return git('rev-parse', 'HEAD').trim();
  }
}
