import type { App } from 'aws-cdk-lib';
import { Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks, type NagPack, ServerlessChecks } from 'cdk-nag';
import type { IConstruct } from 'constructs';
import { acknowledge, SHORTEST_REASON } from '../../infra/acknowledge.ts';
import { makeStack } from './synthesise.ts';

interface Finding {
  readonly rule: string;
  readonly path: string;
}

const packs = (app: App): NagPack[] => [new AwsSolutionsChecks(app), new ServerlessChecks(app)];

function findingsOf(app: App, scanners = packs(app)): Finding[] {
  return scanners.flatMap((pack) =>
    pack
      .validateScope(app)
      .violations.flatMap((violation) =>
        violation.violatingResources.map((resource) => ({ rule: violation.ruleName, path: resource.constructPath ?? '' })),
      ),
  );
}

/** What is found when nothing is acknowledged. */
function rawFindingsOf(app: App): Finding[] {
  return findingsOf(
    app,
    packs(app).map((pack) => Object.assign(pack, { isAcknowledged: () => false })),
  );
}

interface Acknowledged extends Finding {
  readonly reason: string;
}

function acknowledgedIn(app: App): Acknowledged[] {
  return app.node.findAll().flatMap((construct) => recordedAt(construct));
}

function recordedAt(construct: IConstruct): Acknowledged[] {
  return construct.node.metadata
    .filter((entry) => entry.type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY)
    .flatMap((entry) =>
      Object.entries(entry.data as Record<string, string | { reason: string }>).map(([rule, reason]) => ({
        // The core files an id without a prefix of its own under this one.
        rule: rule.replace(/^Annotation::/, ''),
        path: construct.node.path,
        reason: typeof reason === 'string' ? reason : reason.reason,
      })),
    );
}

describe('cdk-nag', () => {
  it('R59 finds nothing that is not acknowledged, with data buckets and without', () => {
    expect(findingsOf(makeStack().app)).toEqual([]);
    expect(findingsOf(makeStack({ dataBuckets: [], logGroupPrefixes: ['/aws-glue/'], executorConcurrency: 1 }).app)).toEqual([]);
  });

  it('R59 has a reason for each acknowledgement, and a finding that needs it', () => {
    const { app } = makeStack();
    const acknowledged = acknowledgedIn(app);
    const raw = rawFindingsOf(app);
    expect(acknowledged.length).toBeGreaterThan(20);
    expect(raw.length).toBeGreaterThan(20);
    for (const { rule, path, reason } of acknowledged) {
      expect(reason.length).toBeGreaterThanOrEqual(SHORTEST_REASON);
      expect({ rule, path, found: raw.some((finding) => finding.rule === rule && `${finding.path}/`.startsWith(`${path}/`)) }).toEqual({
        rule,
        path,
        found: true,
      });
    }
  });

  it('R59 would show an acknowledgement that nothing needs, and a reason that is none', () => {
    const { app, stack } = makeStack();
    acknowledge(stack, 'AwsSolutions-RDS1', 'There is no database in this stack at all.');
    const raw = rawFindingsOf(app);
    const unused = acknowledgedIn(app).filter(({ rule }) => !raw.some((finding) => finding.rule === rule));
    expect(unused.map(({ rule }) => rule)).toEqual(['AwsSolutions-RDS1']);
    expect(() => acknowledge(stack, 'AwsSolutions-RDS1', 'not needed')).toThrow('needs a reason');
  });
});
