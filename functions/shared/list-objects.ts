/** Pages through a prefix, in key order, up to a bound. */
import type { ObjectHead, ObjectReader } from './ports.ts';

const PAGE = 1000;

/** `complete` is false where more than `limit` objects are there; a whole last page is kept. Errors: the service's own. */
export async function listObjects(
  objects: Pick<ObjectReader, 'listObjects'>,
  bucket: string,
  prefix: string,
  limit: number,
): Promise<{ objects: ObjectHead[]; complete: boolean }> {
  const listed: ObjectHead[] = [];
  let nextToken: string | undefined;
  do {
    const page = await objects.listObjects(bucket, prefix, { limit: PAGE, ...(nextToken === undefined ? {} : { nextToken }) });
    listed.push(...page.objects);
    nextToken = page.nextToken;
  } while (nextToken !== undefined && listed.length < limit);
  return { objects: listed, complete: nextToken === undefined };
}
