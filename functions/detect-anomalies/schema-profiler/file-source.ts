/** The sources of bytes that need no cloud. */
export { bytesSource, openFile } from './bytes/file-source.ts';
