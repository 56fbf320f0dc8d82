/**
 * Answers `--help` for a script, which then must do nothing else: `if (!helped(text)) main()`.
 *
 * @param text what the script does, and how it is called
 * @param args the script's arguments. @default - those of the process
 * @returns whether `--help` or `-h` was asked for; then the text is printed
 */
export function helped(text: string, args: readonly string[] = process.argv.slice(2)): boolean {
  if (!args.includes('--help') && !args.includes('-h')) return false;
  console.log(text.trim());
  return true;
}
