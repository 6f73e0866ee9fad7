import { join } from 'node:path';
import { readAll, ThrottledSource } from '../../../local/job-world/throttled-source.ts';
import { scratchDirectory } from '../scratch-directory.ts';

function open(file = join(scratchDirectory(), 'source.json')) {
  const time = { now: 1_000_000 };
  const limits = { refillPerSecond: 10, burst: 5 };
  const source = () => new ThrottledSource({ file, clock: () => new Date(time.now), limits });
  return { time, source: source(), again: source };
}
const requests = (source: ThrottledSource) => {
  for (let served = 0; ; served += 1) {
    try {
      source.page(0);
    } catch (error) {
      expect(error).toMatchObject({ name: 'ThrottlingException', message: 'Rate exceeded' });
      return served;
    }
  }
};

describe('a throttled source', () => {
  it('serves a burst, then as many requests as time refills, and never more than a burst at once', () => {
    const { source, time } = open();
    expect(requests(source)).toBe(5);
    time.now += 300;
    expect(requests(source)).toBe(3);
    time.now += 60_000;
    expect(requests(source)).toBe(5);
  });

  it('serves nobody while another consumer has taken all, over a restart too', () => {
    const { source, time, again } = open();
    source.drain(2);
    time.now += 1900;
    expect(requests(again())).toBe(0);
    time.now += 400;
    expect(requests(again())).toBe(3);
  });

  it('gives all of its records, page by page', async () => {
    const { source } = open();
    const records = Array.from({ length: 120 }, (_, id) => ({ id }));
    source.setRecords(records);
    expect(await readAll(source, 'List', new AbortController().signal)).toEqual(records);
  });

  it('makes a client give up after its retries, in the words of botocore', async () => {
    const { source } = open();
    source.drain(60);
    await expect(readAll(source, 'ListPrices', new AbortController().signal)).rejects.toMatchObject({
      type: 'botocore.exceptions.ClientError',
      message: 'An error occurred (ThrottlingException) when calling the ListPrices operation (reached max retries: 4): Rate exceeded',
    });
  });
});
