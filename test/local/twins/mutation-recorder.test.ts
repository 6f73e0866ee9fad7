import { LocalObjects } from '../../../local/twins/local-objects.ts';
import { type Mutation, recordMutations } from '../../../local/twins/mutation-recorder.ts';
import { scratchDirectory } from '../scratch-directory.ts';

describe('the mutation recorder', () => {
  const targets = { putObject: (bucket: string, key: string) => `s3://${bucket}/${key}` };

  function recorded() {
    const objects = new LocalObjects({ directory: scratchDirectory(), clock: () => new Date() });
    objects.createBucket('lake-one');
    const seen: Mutation[] = [];
    return { seen, port: recordMutations(objects, 'objectWriter', targets, (mutation) => seen.push(mutation)) };
  }

  it('hears of a change before it is made, and lets it through', async () => {
    const { seen, port } = recorded();
    await port.putObject('lake-one', 'k', new Uint8Array(2));
    expect(seen).toEqual([{ port: 'objectWriter', call: 'putObject', target: 's3://lake-one/k' }]);
    expect((await port.headObject('lake-one', 'k')).size).toBe(2);
  });

  it('hears of a change that fails', async () => {
    const { seen, port } = recorded();
    await expect(port.putObject('nothing', 'k', new Uint8Array(2))).rejects.toMatchObject({ name: 'NoSuchBucket' });
    expect(seen).toHaveLength(1);
  });

  it('says nothing of reading', async () => {
    const { seen, port } = recorded();
    await port.listObjects('lake-one', '', { limit: 1 });
    await port.bucketVersioning('lake-one');
    expect(seen).toEqual([]);
  });
});
