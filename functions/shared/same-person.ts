/** Whether two names are one person's: as sign-in names go, without regard to case and outer blanks. */
export function isSamePerson(a: string, b: string): boolean {
  return normalised(a) === normalised(b);
}

function normalised(name: string): string {
  return name.normalize('NFC').trim().toLowerCase();
}
