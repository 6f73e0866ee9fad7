/** The public door to the date parser. */
export { type DateTimeValue, parseDateTime } from './statistics/parse-date-time.ts';
