/** A Lambda that CloudFormation calls while a stack is deployed: it has to answer at an address of its own. */
import * as z from 'zod';

const RequestSchema = z.object({
  RequestType: z.enum(['Create', 'Update', 'Delete']),
  ResponseURL: z.url({ protocol: /^https?$/ }),
  StackId: z.string(),
  RequestId: z.string(),
  LogicalResourceId: z.string(),
  PhysicalResourceId: z.string().optional(),
});

/** Characters; CloudFormation takes 4 KB for the whole answer. */
const REASON_LIMIT = 1000;

/**
 * Runs `put` when the resource is made or changed, nothing when it is removed, and answers either way: without an answer a
 * deployment hangs until its timeout. `send` stands for `fetch`.
 */
export function customResource(put: () => Promise<unknown>, send: typeof fetch = fetch): (event: unknown) => Promise<void> {
  return async (event) => {
    const request = RequestSchema.parse(event);
    const failure = request.RequestType === 'Delete' ? undefined : await failureOf(put);
    const answer = {
      Status: failure === undefined ? 'SUCCESS' : 'FAILED',
      ...(failure === undefined ? {} : { Reason: failure.slice(0, REASON_LIMIT) }),
      // Always the same: an update must never look like a replacement, which would remove what was there.
      PhysicalResourceId: request.PhysicalResourceId ?? request.LogicalResourceId,
      StackId: request.StackId,
      RequestId: request.RequestId,
      LogicalResourceId: request.LogicalResourceId,
    };
    const response = await send(request.ResponseURL, { method: 'PUT', body: JSON.stringify(answer), headers: { 'content-type': '' } });
    if (!response.ok) throw new Error(`CloudFormation did not take the answer: ${response.status}`);
  };
}

async function failureOf(put: () => Promise<unknown>): Promise<string | undefined> {
  try {
    await put();
    return undefined;
  } catch (error) {
    return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  }
}
