/** Text from outside at most so long, and such that UTF-8 can carry it: a cut may go through the middle of a character. */

export function boundedText(text: string, limit: number): string {
  return text.slice(0, limit).toWellFormed();
}

/** The end of it. */
export function boundedTail(text: string, limit: number): string {
  return text.slice(-limit).toWellFormed();
}
