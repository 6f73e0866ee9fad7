/** Stands in for the ports on AWS where no test uses them and the SDK, loaded for each mutant, would take longer than the tests. */
export function awsPorts(): never {
  throw new Error('there is no AWS here');
}
