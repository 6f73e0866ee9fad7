import fc from 'fast-check';
import { classify } from '../../../../functions/detect-anomalies/error-classifier/classify.ts';
import { FAMILIES } from '../../../../functions/detect-anomalies/error-classifier/families.ts';
import { CATALOGUE } from '../../../../functions/detect-anomalies/error-classifier/signatures/index.ts';

const ofLog = (...lines: string[]) => classify({ errorMessage: null, log: lines.join('\n') });

describe('the root cause before the symptom', () => {
  it('takes the last cause of the chain, not the wrapper', () => {
    const answer = ofLog(
      'py4j.protocol.Py4JJavaError: An error occurred while calling o91.parquet.',
      ': org.apache.spark.SparkException: Job aborted due to stage failure: Task 3 in stage 1.0 failed 4 times',
      '\tat org.apache.spark.scheduler.DAGScheduler.abortStage(DAGScheduler.scala:2454)',
      'Caused by: java.io.IOException: could not read the split',
      '\tat org.example.Reader.read(Reader.java:10)',
      'Caused by: com.amazonaws.services.s3.model.AmazonS3Exception: Access Denied (Service: Amazon S3; Status Code: 403)',
    );
    expect(answer).toMatchObject({ family: 'access_denied', signature: 'aws-access-denied' });
    expect(answer.rootCauseLine).toMatch(/^Caused by: com\.amazonaws/);
  });

  it('takes the Python exception under the Java wrapper', () => {
    const answer = ofLog(
      'ERROR Executor: Exception in task 0.0 in stage 2.0 (TID 4)',
      'org.apache.spark.api.python.PythonException: Traceback (most recent call last):',
      '  File "/tmp/job.py", line 8, in clean',
      "KeyError: 'customer_id'",
    );
    expect(answer).toMatchObject({ family: 'code_defect', signature: 'python-exception', evidenceLine: "KeyError: 'customer_id'" });
  });

  it('prefers a cause to the executors that it took with it', () => {
    const answer = ofLog(
      'ERROR Executor: Exception in task 7.0 in stage 5.0 (TID 93)',
      'java.lang.OutOfMemoryError: Java heap space',
      '\tat java.util.Arrays.copyOf(Arrays.java:3332)',
      'ERROR YarnScheduler: Lost executor 7 on 10.0.0.7: Remote RPC client disassociated.',
      'ERROR TransportClient: java.io.IOException: Connection reset by peer',
    );
    expect(answer).toMatchObject({ family: 'resource_exhaustion', signature: 'jvm-out-of-memory' });
  });

  it('names the first failing record where several fail', () => {
    const answer = ofLog(
      '24/01/31 10:00:00 ERROR Job: org.apache.spark.sql.AnalysisException: Path does not exist: s3://in/2024',
      '24/01/31 10:00:09 ERROR Job: java.net.UnknownHostException: metrics.internal',
    );
    expect(answer.family).toBe('missing_input');
  });

  it('lets the log explain a status text that only names the step', () => {
    const answer = classify({
      errorMessage: 'An error occurred while calling o118.pyWriteDynamicFrame. Failed to load format with name orc',
      log: 'Caused by: com.amazonaws.services.s3.model.AmazonS3Exception: Access Denied',
    });
    expect(answer.family).toBe('access_denied');
  });

  it('believes a status text that names a cause, whatever harmless errors the log holds', () => {
    const answer = classify({
      errorMessage: "AnalysisException: Column 'price' does not exist",
      log: '24/01/31 10:00:00 ERROR Metrics: java.net.ConnectException: Connection refused',
    });
    expect(answer.family).toBe('schema_drift');
  });
});

describe('little evidence', () => {
  it.each([
    ['only an exit code', 'Command failed with exit code 1', ''],
    ['only an aborted job', 'An error occurred while calling o182.parquet. Job aborted.', ''],
    ['nothing at all', null, ''],
    ['a status text and a log without a failure', 'Job failed', '24/01/31 10:00:00 INFO SparkContext: Running Spark version 3.5.4'],
  ])('is unknown: %s', (_, errorMessage, log) => {
    expect(classify({ errorMessage, log })).toMatchObject({ family: 'unknown', signature: null });
  });

  it('shows the line that reports the failure all the same', () => {
    expect(ofLog('first line', 'Container exited with a non-zero exit code 1')).toMatchObject({
      family: 'unknown',
      evidenceLine: 'Container exited with a non-zero exit code 1',
    });
  });
});

describe('healthy and recovered logs', () => {
  it.each([
    ['INFO lines that speak of errors', '24/01/31 10:00:00 INFO Loader: error column dropped, path does not exist any more'],
    ['counts of zero', 'rejected rows: 0, errors=0, failures: none'],
    ['a warning that says how it goes on', '24/01/31 10:00:00 WARN Client: Connection refused, will retry in 3 s'],
    ['a setting that names an error', '-XX:OnOutOfMemoryError=/opt/kill.sh'],
    ['a clean end', '24/01/31 10:00:00 INFO ApplicationMaster: Final app status: SUCCEEDED, exitCode: 0'],
  ])('are none: %s', (_, log) => {
    expect(ofLog(log)).toMatchObject({ family: 'none', signature: null, evidenceLine: null });
  });

  it('forgives a lost task that was run again, and an error before the final success', () => {
    expect(
      ofLog(
        '24/01/31 10:00:00 WARN TaskSetManager: Lost task 0.0 in stage 1.0 (TID 1): java.io.IOException: No space left on device',
        '24/01/31 10:00:09 INFO TaskSetManager: Finished task 0.1 in stage 1.0 (TID 2)',
      ).family,
    ).toBe('none');
    expect(
      ofLog(
        '24/01/31 10:00:00 ERROR YarnScheduler: Lost executor 5 on ip-10-0-0-3: heartbeat timed out',
        '24/01/31 10:10:00 INFO ApplicationMaster: Final app status: SUCCEEDED, exitCode: 0',
      ).family,
    ).toBe('none');
  });

  it('does not forgive where the run ended, or where Glue says that it failed', () => {
    const failing = [
      'org.apache.spark.SparkException: Job aborted due to stage failure: java.io.IOException: No space left on device',
      '24/01/31 10:00:09 INFO DAGScheduler: Job 8 finished: count at X.scala:1, took 0.8 s',
    ];
    expect(ofLog(...failing).family).toBe('resource_exhaustion');
    expect(
      classify({ errorMessage: 'No space left on device', log: '24/01/31 10:00:09 INFO Client: Final app status: SUCCEEDED' }).family,
    ).toBe('resource_exhaustion');
  });

  it('does not pardon an exception because a harmless warning stands above it', () => {
    const answer = ofLog(
      '24/01/31 10:00:00 WARN ObjectStore: Failed to get database sales, returning NoSuchObjectException',
      'org.apache.spark.sql.catalyst.analysis.NoSuchTableException: Table sales.orders not found;',
    );
    expect(answer.family).toBe('missing_input');
  });
});

describe('hostile and damaged text', () => {
  it('R18: maps any text to a family of the closed list, with a confidence in [0,1]', () => {
    const piece = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('\n', 'ERROR ', 'Caused by: ', '\u001b[31m', '\ud800', 'OutOfMemoryError', '\tat a.b(C.java:1)'),
    );
    fc.assert(
      fc.property(fc.option(fc.string()), fc.array(piece), (errorMessage, pieces) => {
        const answer = classify({ errorMessage, log: pieces.join('') });
        expect([...FAMILIES, 'none']).toContain(answer.family);
        expect(answer.confidence >= 0 && answer.confidence <= 1).toBe(true);
        expect(answer.signature === null).toBe(answer.family === 'unknown' || answer.family === 'none');
      }),
    );
  });

  it('answers the same for the same text', () => {
    const input = { errorMessage: 'boom', log: 'ERROR x\nCaused by: java.net.UnknownHostException: db' };
    expect(classify(input)).toEqual(classify(input));
  });

  it('B19: takes out terminal colours and control characters, and says so', () => {
    const answer = ofLog('\u001b[31mERROR\u001b[0m java.lang.OutOf\u0000MemoryError: Java heap space');
    expect(answer).toMatchObject({ family: 'resource_exhaustion', evidenceLine: 'ERROR java.lang.OutOfMemoryError: Java heap space' });
    expect(answer.warnings.join()).toMatch(/^W_TEXT_SANITISED/);
  });

  it('B19: cuts a line of 5 MB and keeps its beginning', () => {
    const answer = ofLog(`ERROR java.lang.OutOfMemoryError: Java heap space ${'x'.repeat(5_000_000)}`);
    expect(answer.family).toBe('resource_exhaustion');
    expect(answer.evidenceLine?.length).toBeLessThanOrEqual(1000);
    expect(answer.warnings.join()).toMatch(/^W_TEXT_SANITISED/);
  });

  const everyPhrase = CATALOGUE.flatMap(({ says = [] }) => says).map((phrase) => phrase.replace(/^\*/, '').replaceAll('…', ' '));
  it.each([
    ['every phrase over and over', `${everyPhrase.join(' ')}\n`],
    ['words of failure', 'ERROR Exception failed cannot unable to invalid denied timed out\n'],
    ['causes without end', 'Caused by: java.lang.Foo: cannot\n'],
    ['a needle inside words', `${'xtimed out'.repeat(400)}\n`],
    ['one endless line', 'Error.'],
    ['control characters', '\u0001\u001b[31m Error \u0000\n'],
    ['blanks', `${' '.repeat(4000)}Error\n`],
  ])('R16: gets through 10 MB of %s', (_, unit) => {
    const log = unit.repeat(Math.ceil(10_000_000 / unit.length));
    expect([...FAMILIES, 'none']).toContain(ofLog(log).family);
  });

  it('R15: shows no secret in the lines it rests on', () => {
    const answer = ofLog('ERROR java.net.ConnectException: Connection refused: jdbc:postgresql://db/x?user=etl&password=hunter2secret');
    expect(answer.family).toBe('connectivity');
    expect(`${answer.evidenceLine}${answer.rootCauseLine}`).not.toContain('hunter2secret');
  });
});
