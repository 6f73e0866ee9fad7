import { LocalObjects } from '../../../local/twins/local-objects.ts';
import { describeObjectsContract } from '../../contract/objects.contract.ts';
import { scratchDirectory } from '../scratch-directory.ts';

const clock = () => new Date();

function open(directory = scratchDirectory(), copyLimit?: number): LocalObjects {
  const objects = new LocalObjects({ directory, clock, ...(copyLimit === undefined ? {} : { copyLimit }) });
  objects.createBucket('lake-one');
  objects.createBucket('lake-two');
  objects.createBucket('scratch', 'Disabled');
  return objects;
}

describeObjectsContract('objects on files', async () => ({
  objects: open(),
  versioned: 'lake-one',
  second: 'lake-two',
  unversioned: 'scratch',
}));

describe('objects on files', () => {
  const bytes = (text: string) => new Uint8Array(Buffer.from(text));

  it('survive a restart, versions, delete markers and policies included', async () => {
    const directory = scratchDirectory();
    const before = open(directory);
    const first = await before.putObject('lake-one', 'a', bytes('one'));
    await before.putObject('lake-one', 'b', bytes('two'));
    const { etag } = await before.headObject('lake-one', 'b');
    await before.deleteObject('lake-one', 'b', { ifMatch: etag });
    before.denyRead('lake-one', 'a', 'job');
    const after = new LocalObjects({ directory, clock });
    expect(await after.headObject('lake-one', 'a')).toMatchObject({ size: 3, versionId: first.versionId });
    await expect(after.headObject('lake-one', 'b')).rejects.toMatchObject({ name: 'NoSuchKey' });
    await expect(after.as('job').headObject('lake-one', 'a')).rejects.toMatchObject({ name: 'AccessDenied' });
  });

  it('are read by the owner even where a policy denies a job to', async () => {
    const objects = open();
    await objects.putObject('lake-one', 'ledger/1', bytes('x'));
    await objects.putObject('lake-one', 'orders/1', bytes('y'));
    objects.denyRead('lake-one', 'ledger/', 'job');
    const job = objects.as('job');
    await expect(job.getRange('lake-one', 'ledger/1', 0, 1)).rejects.toMatchObject({ name: 'AccessDenied' });
    await expect(job.listObjects('lake-one', 'ledger/', { limit: 1 })).rejects.toMatchObject({ name: 'AccessDenied' });
    expect((await job.listObjects('lake-one', 'orders/', { limit: 1 })).objects).toHaveLength(1);
    expect((await objects.headObject('lake-one', 'ledger/1')).size).toBe(1);
    objects.allowRead('lake-one', 'ledger/', 'job');
    expect((await job.headObject('lake-one', 'ledger/1')).size).toBe(1);
  });

  it('are not copied where they are larger than CopyObject takes', async () => {
    const objects = open(scratchDirectory(), 4);
    const { etag, versionId } = await objects.putObject('lake-one', 'k', bytes('12345'));
    const request = {
      sourceBucket: 'lake-one',
      sourceKey: 'k',
      sourceVersionId: versionId,
      sourceIfMatch: etag,
      bucket: 'lake-two',
      key: 'k',
    };
    await expect(objects.copyObject(request)).rejects.toMatchObject({ name: 'ValidationException' });
  });

  it('list at most a thousand at a time', async () => {
    const objects = open();
    for (let index = 0; index < 1001; index += 1) await objects.putObject('scratch', `k/${String(index).padStart(4, '0')}`, bytes('x'));
    const page = await objects.listObjects('scratch', 'k/', { limit: 5000 });
    expect(page.objects).toHaveLength(1000);
    expect((await objects.listObjects('scratch', 'k/', { limit: 5000, nextToken: page.nextToken ?? '' })).objects).toHaveLength(1);
  });

  it('carry the checksum of the whole object', async () => {
    const objects = open();
    await objects.putObject('lake-one', 'k', bytes(''));
    expect((await objects.headObject('lake-one', 'k')).checksum).toBe('47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=');
  });

  it('refuse names that S3 refuses', async () => {
    const objects = open();
    expect(() => objects.createBucket('No_Good')).toThrow(expect.objectContaining({ name: 'ValidationException' }));
    await expect(objects.putObject('lake-one', 'k'.repeat(1025), bytes('x'))).rejects.toMatchObject({ name: 'ValidationException' });
  });
});
