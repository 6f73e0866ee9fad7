/** The steps of the state machine by state, and the Lambdas beside it: the same code that is deployed. */
import { awaitDecisionStep } from '../functions/await-decision/handler.ts';
import { checkCapabilityStep } from '../functions/check-capability/handler.ts';
import { checkSafetyStep } from '../functions/check-safety/handler.ts';
import { claimIncidentStep } from '../functions/claim-incident/handler.ts';
import { closeIncidentStep } from '../functions/close-incident/handler.ts';
import { detectAnomaliesStep } from '../functions/detect-anomalies/handler.ts';
import { escalateIncidentStep } from '../functions/escalate-incident/handler.ts';
import { executeActionStep } from '../functions/execute-action/handler.ts';
import { gatherEvidenceStep } from '../functions/gather-evidence/handler.ts';
import { proposeActionStep } from '../functions/propose-action/handler.ts';
import type { Step } from '../functions/shared/define-step.ts';
import { undoActionStep } from '../functions/undo-action/handler.ts';
import { updatePolicyStep } from '../functions/update-policy/handler.ts';
import { validateOutcomeStep } from '../functions/validate-outcome/handler.ts';

export const STEPS: Readonly<Record<string, Step>> = {
  ClaimIncident: claimIncidentStep,
  GatherEvidence: gatherEvidenceStep,
  DetectAnomalies: detectAnomaliesStep,
  ProposeAction: proposeActionStep,
  CheckSafety: checkSafetyStep,
  CheckCapability: checkCapabilityStep,
  ExecuteAction: executeActionStep,
  ValidateOutcome: validateOutcomeStep,
  UndoAction: undoActionStep,
  UpdatePolicy: updatePolicyStep,
  EscalateIncident: escalateIncidentStep,
  AwaitDecision: awaitDecisionStep,
  CloseIncident: closeIncidentStep,
};
