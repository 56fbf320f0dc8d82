/** One program with its arguments, as a document calls it. */
export interface Command {
  readonly program: string;
  readonly args: readonly string[];
  /** Variables of the environment that are set for it. */
  readonly env: Readonly<Record<string, string>>;
}

/** Whether an argument is nothing but a reader's own name, or a variable. The documents write it as `<pvc>`, which a shell would take for a file; here it is `⟨pvc⟩`. */
export function isPlaceholder(word: string): boolean {
  return /^(⟨[^⟩]*⟩|\$\w+|\$\{[^}]*\})$/.test(word);
}

/**
 * The commands of a text in the shell's language, as far as documents use it: lines, pipes, `&&`, quotes, comments and a backslash at the end of a line.
 *
 * @throws Error for what the shell would not read either
 */
export function commandsOf(text: string): Command[] {
  const lines = text
    .replaceAll('\\\n', ' ')
    .replaceAll(/<([\w .-]+)>/g, (_, name: string) => `⟨${name.replaceAll(' ', '-')}⟩`)
    .split('\n');
  return lines.flatMap((line) => wordsOf(line).map(commandOf)).filter(({ program }) => program !== '');
}

function commandOf(line: readonly string[]): Command {
  // Of a loop only what it runs.
  const words = line.slice(line.findIndex((word) => !['while', 'do', 'done'].includes(word))).filter((word) => !['do', 'done'].includes(word));
  const first = words.findIndex((word) => !/^[A-Z][A-Z0-9_]*=/.test(word));
  const env = words.slice(0, first < 0 ? words.length : first).map((word) => [word.split('=')[0]!, word.slice(word.indexOf('=') + 1)] as const);
  const [program = '', ...args] = first < 0 ? [] : words.slice(first);
  return { program, args, env: Object.fromEntries(env) };
}

/** The words of a line, in one list for each program. Quotes are taken off; what is substituted stays as it stands. */
function wordsOf(line: string): string[][] {
  const commands: string[][] = [[]];
  let word: string | undefined;
  const end = (): void => {
    if (word !== undefined) commands.at(-1)!.push(word);
    word = undefined;
  };
  for (let at = 0; at < line.length;) {
    const rest = line.slice(at);
    const [quoted] = /^(?:'[^']*'|"(?:\$\([^)]*\)|[^"])*"|\$\([^)]*\))/.exec(rest) ?? [];
    const [operator] = /^(?:&&|\|\|?|;)/.exec(rest) ?? [];
    if (quoted !== undefined) {
      word = (word ?? '') + (quoted.startsWith('$') ? quoted : quoted.slice(1, -1));
      at += quoted.length;
    } else if (operator !== undefined) {
      end();
      commands.push([]);
      at += operator.length;
    } else if (/^\s/.test(rest)) {
      end();
      at += 1;
    } else if (rest.startsWith('#') && word === undefined) {
      break;
    } else if (/^['"]/.test(rest)) {
      throw new Error(`a quote is open: ${line}`);
    } else {
      word = (word ?? '') + rest[0]!;
      at += 1;
    }
  }
  end();
  return commands;
}
