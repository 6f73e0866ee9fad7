/** The release of this code, as package.json says it: kept with each decision. A constant, so that no Lambda carries package.json. */
export const RELEASE = '0.1.0';
