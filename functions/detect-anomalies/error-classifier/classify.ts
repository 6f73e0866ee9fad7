/** What a failed run died of: the first cause that its status text and log show, with the line it rests on. */
import { redact } from '../../shared/redact.ts';
import { compileSignatures, type SignatureSet } from './compile-signatures.ts';
import type { Verdict } from './families.ts';
import { type Finding, LogScan } from './scan-log.ts';
import { CATALOGUE } from './signatures/index.ts';

export interface ClassifyInput {
  /** Status text of the job run; null where it has none. */
  readonly errorMessage: string | null;
  readonly log: string;
}

export interface Classification {
  readonly family: Verdict;
  /** In [0,1]: how much the evidence can be relied on. */
  readonly confidence: number;
  /** Id of the signature; null for `unknown` and `none`. */
  readonly signature: string | null;
  /** The line that the answer rests on, redacted. */
  readonly evidenceLine: string | null;
  /** The innermost cause of the exception chain that the run failed with, redacted. */
  readonly rootCauseLine: string | null;
  readonly warnings: readonly string[];
}

/** Below this the evidence is too little to name a family. */
const NAMING_FLOOR = 0.5;
const SHOWN_LINE_LIMIT = 1000;

let catalogue: SignatureSet | undefined;

/** The signatures that come with the product, compiled once. */
export function catalogueSignatures(): SignatureSet {
  catalogue ??= compileSignatures(CATALOGUE);
  return catalogue;
}

export function classify(input: ClassifyInput, signatures: SignatureSet = catalogueSignatures()): Classification {
  const log = new LogScan(signatures);
  log.read(Buffer.from(input.log, 'utf8'));
  return classifyScan(input.errorMessage, log, signatures);
}

/** The same for a log that has been read piecemeal. */
export function classifyScan(errorMessage: string | null, log: LogScan, signatures: SignatureSet = catalogueSignatures()): Classification {
  const status = new LogScan(signatures);
  status.read(Buffer.from(errorMessage ?? '', 'utf8'));
  const hasStatus = status.bytes > 0;
  const warnings =
    log.sanitised || status.sanitised ? ['W_TEXT_SANITISED: control characters, bytes that are no UTF-8 or over-long lines'] : [];
  if (!hasStatus && hasRecovered(log)) return { ...NOTHING, family: 'none', confidence: 0.85, warnings };
  const evidence = [...status.findings.map(asStatus), ...log.findings.map(asLogLine)];
  const chosen = chooseCause(evidence);
  const mark = status.firstMark ?? log.firstMark;
  const innermost = log.deepestCause ?? status.deepestCause;
  if (chosen === null) {
    const nothingSaid = !hasStatus && mark === null;
    const family = nothingSaid && log.bytes > 0 ? 'none' : 'unknown';
    const line = shown(mark?.line ?? null);
    return {
      family,
      confidence: family === 'none' ? 0.9 : 0.3,
      signature: null,
      evidenceLine: line,
      rootCauseLine: shown(innermost?.line ?? null) ?? line,
      warnings,
    };
  }
  const { signature } = chosen.finding.compiled;
  return {
    family: signature.family,
    confidence: chosen.confidence,
    signature: signature.id,
    evidenceLine: shown(chosen.finding.line),
    rootCauseLine: shown(innermost?.chain === chosen.finding.chain ? innermost.line : chosen.finding.line),
    warnings,
  };
}

const NOTHING = { signature: null, evidenceLine: null, rootCauseLine: null } as const;

/** All that failed was made good afterwards. */
function hasRecovered(log: LogScan): boolean {
  const failure = Math.max(log.lastFailure, log.lastWarning);
  if (failure < 0) return false;
  if (log.lastFinalSuccess > failure) return true;
  if (log.lastEnd >= 0) return false;
  return log.lastStepSuccess > failure || (log.lastFailure < 0 && log.lastTaskSuccess > failure);
}

interface Evidence {
  readonly finding: Finding;
  /** Smaller is earlier. */
  readonly order: number;
  /** Findings of one exception share it. */
  readonly chain: string;
  readonly score: number;
}

/** The status text is the driver's last word. On faults that follow from others, the log is asked first. */
function asStatus(finding: Finding): Evidence {
  const { family, confidence } = finding.compiled.signature;
  const mayFollowFromOther = family === 'connectivity' || family === 'transient_infrastructure' || confidence < 0.8;
  return { finding, order: mayFollowFromOther ? Number.POSITIVE_INFINITY : -1, chain: `status ${finding.chain}`, score: confidence };
}

function asLogLine(finding: Finding): Evidence {
  const { confidence } = finding.compiled.signature;
  const score = confidence + (finding.isCause ? 0.04 : 0) - (finding.level === 'warning' ? 0.1 : 0);
  return { finding, order: finding.position, chain: `log ${finding.chain}`, score };
}

/** Evidence this much weaker than the best does not decide, even where it stands first. */
const COMPARABLE = 0.15;

/** Causes before effects; the first failing chain; in it the innermost cause. */
function chooseCause(evidence: readonly Evidence[]): { finding: Finding; confidence: number } | null {
  const causes = evidence.filter(({ finding }) => !finding.compiled.signature.symptom);
  const pool = causes.length > 0 ? causes : evidence;
  const best = Math.max(...pool.map(({ score }) => score));
  const strong = pool.filter(({ score }) => score >= NAMING_FLOOR && score >= best - COMPARABLE);
  const first = earliest(strong);
  if (first === null) return null;
  const chain = strong.filter((each) => each.chain === first.chain);
  const innermost = chain.filter(({ finding }) => finding.isCause).at(-1);
  const place = innermost ?? strongest(chain);
  const chosen = strongest(chain.filter((each) => each.order === place.order));
  const agreed = strong.every((each) => each.finding.compiled.signature.family === chosen.finding.compiled.signature.family);
  return { finding: chosen.finding, confidence: Math.round(Math.min(0.99, chosen.score * (agreed ? 1 : 0.85)) * 100) / 100 };
}

function earliest(evidence: readonly Evidence[]): Evidence | null {
  return evidence.reduce<Evidence | null>((first, each) => (first === null || each.order < first.order ? each : first), null);
}

function strongest(evidence: readonly [Evidence, ...Evidence[]] | readonly Evidence[]): Evidence {
  return evidence.reduce((best, each) => (each.score > best.score ? each : best));
}

function shown(line: string | null): string | null {
  return line === null ? null : redact(line.trim()).slice(0, SHOWN_LINE_LIMIT);
}
