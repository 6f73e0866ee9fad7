/** Reads JSON lines into columns for a sample. */
