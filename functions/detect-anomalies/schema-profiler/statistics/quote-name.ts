/** Writes a field's name for a Glue type string: in backquotes where it could be mistaken for something else. */
export function quoteName(name: string): string {
  return /^[^\s`:,<>()]+(?: [^\s`:,<>()]+)*$/u.test(name) ? name : `\`${name.replaceAll('`', '``')}\``;
}
